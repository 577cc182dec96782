using System;
using EmuPS.Core.Native;

namespace EmuPS.Machine.Guests;

/// <summary>The terminal that the process was started from, while a guest's console is on it.</summary>
public static class HostTerminal
{
    /// <summary>Lets each key through as the bytes that the terminal sends, without echo; Ctrl+C still is a signal.</summary>
    /// <returns>Takes the change back; does nothing when standard input is no terminal.</returns>
    public static IDisposable EnterRawMode() => TerminalMode.EnterRaw() ?? new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
