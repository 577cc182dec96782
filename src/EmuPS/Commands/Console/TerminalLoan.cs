using System;
using System.Runtime.InteropServices;

namespace EmuPS.Commands;

/// <summary>The terminal while a guest has it: given back at the end, and before a signal ends the process.</summary>
internal sealed class TerminalLoan : IDisposable
{
    private readonly IDisposable _mode;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Watches over a changed mode.</summary>
    /// <param name="mode">Takes the change back.</param>
    public TerminalLoan(IDisposable mode)
    {
        _mode = mode;
        // What else the signal does is not decided here.
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => _mode.Dispose()),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => _mode.Dispose()),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _mode.Dispose();
    }
}
