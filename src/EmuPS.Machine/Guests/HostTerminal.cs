using System;
using EmuPS.Core.Native;

namespace EmuPS.Machine.Guests;

/// <summary>The terminal that the process was started from, while a guest's console is on it.</summary>
public static class HostTerminal
{
    /// <summary>Lets each key through as the bytes that the terminal sends, without echo.</summary>
    /// <param name="keepsSignals">Whether Ctrl+C still is a signal; false lets it through as well.</param>
    /// <returns>Takes the change back, from any thread; does nothing when standard input is no terminal.</returns>
    public static IDisposable EnterRawMode(bool keepsSignals) => TerminalMode.EnterRaw(keepsSignals) ?? new Nothing();

    /// <summary>Waits for what is typed; not on Windows.</summary>
    /// <param name="buffer">Gets it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>How many bytes came, 0 for none in that time, -1 when there will be no more.</returns>
    public static int Read(Span<byte> buffer, TimeSpan patience) => TerminalMode.Read(buffer, patience);

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
