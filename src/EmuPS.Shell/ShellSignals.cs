using System;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Shell.Hosting;

namespace EmuPS.Shell;

/// <summary>What the process does when somebody wants it to stop.</summary>
/// <remarks>
/// SIGINT stops the pipeline and leaves the script its <c>finally</c> blocks; a second one ends the process, except at the prompt.
/// SIGTERM and SIGHUP stop the pipeline too and then end the process: after <see cref="Patience"/> even if a command, such as a call that
/// blocks in the operating system, has not stopped by then.
/// </remarks>
internal sealed class ShellSignals : IDisposable
{
    private const int Interrupt = 2;
    private const int HangUp = 1;
    private const int Terminate = 15;
    private const int ExitCodeBase = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ShellSession _session;
    private readonly ShellConsole _console;
    private readonly bool _isInteractive;
    private readonly PosixSignalRegistration[] _registrations;
    private int _first;

    /// <summary>Listens from now on.</summary>
    /// <param name="session">Whose pipeline is stopped.</param>
    /// <param name="console">The process's streams.</param>
    /// <param name="isInteractive">Whether statements come from a prompt.</param>
    public ShellSignals(ShellSession session, ShellConsole console, bool isInteractive)
    {
        _session = session;
        _console = console;
        _isInteractive = isInteractive;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnEnd(context, Terminate)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => OnEnd(context, HangUp)),
        ];
    }

    /// <summary>The exit code that a signal asks for, or null without one.</summary>
    public int? ExitCode => Volatile.Read(ref _first) is var first and not 0 ? ExitCodeBase + first : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = _isInteractive || Interlocked.Exchange(ref _first, Interrupt) == 0;
        if (context.Cancel)
            _session.Stop();
    }

    private void OnEnd(PosixSignalContext context, int number)
    {
        // The second one is the operating system's to carry out.
        context.Cancel = Interlocked.Exchange(ref _first, number) is 0 or Interrupt;
        if (!context.Cancel)
            return;
        bool wasRunning = _session.End();
        new Thread(() => EndProcess(number, wasRunning)) { IsBackground = true, Name = "EmuPS.Shell end" }.Start();
    }

    // The pipeline's thread ends the process by returning from Main; this is for when it does not come back, or waits for the next line.
    private void EndProcess(int number, bool wasRunning)
    {
        if (wasRunning || !_isInteractive)
        {
            Thread.Sleep(Patience);
            _console.Error.WriteLine($"EmuPS.Shell: what was running did not stop within {Patience.TotalSeconds:0} seconds; the process ends without it.");
        }

        Environment.Exit(ExitCodeBase + number);
    }
}
