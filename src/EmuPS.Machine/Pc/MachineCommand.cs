using System;
using System.Threading.Tasks;

namespace EmuPS.Machine.Pc;

/// <summary>Something to be done on the vCPU's thread at a block boundary.</summary>
internal sealed class MachineCommand
{
    private readonly Action _action;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a command.</summary>
    /// <param name="action">What to do.</param>
    public MachineCommand(Action action) => _action = action;

    /// <summary>Completes when it was done, with its exception if it threw.</summary>
    public Task Done => _done.Task;

    /// <summary>Does it.</summary>
    public void Run()
    {
        try
        {
            _action();
            _done.TrySetResult();
        }
        catch (Exception error)
        {
            _done.TrySetException(error);
        }
    }

    /// <summary>Tells whoever waits that it will not be done.</summary>
    /// <param name="error">Why.</param>
    public void Refuse(Exception error) => _done.TrySetException(error);
}
