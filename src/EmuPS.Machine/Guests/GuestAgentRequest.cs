using System;
using System.IO;
using System.Threading.Tasks;

namespace EmuPS.Machine.Guests;

/// <summary>One command that is on its way, as the agent's host side sees it.</summary>
internal sealed class GuestAgentRequest(string id, Action<GuestStream, ReadOnlyMemory<byte>>? streaming)
{
    public string Id { get; } = id;

    public MemoryStream Output { get; } = new();

    public MemoryStream Errors { get; } = new();

    public TaskCompletionSource<int> Exited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the guest has taken the last piece that was sent, or will never do so.</summary>
    public TaskCompletionSource PieceTaken { get; private set; } = Done();

    public void BeginPiece()
    {
        PieceTaken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Exited.Task.IsFaulted)
            PieceTaken.TrySetResult();
    }

    public void Take(GuestStream stream, byte[] bytes)
    {
        (stream == GuestStream.Output ? Output : Errors).Write(bytes);
        streaming?.Invoke(stream, bytes);
    }

    public void Fail(Exception error)
    {
        Exited.TrySetException(error);
        PieceTaken.TrySetResult();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
