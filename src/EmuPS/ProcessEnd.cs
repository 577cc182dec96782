using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Objects;

namespace EmuPS;

/// <summary>What happens to VMs when the process ends under them: it is said, and what they hold of the host is let go.</summary>
/// <remarks>PowerShell asks nobody before it ends, so this is the last moment at which something can be said.</remarks>
internal sealed class ProcessEnd
{
    // A machine that does not answer must not hold the process.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private readonly List<PosixSignalRegistration> _signals = [];
    private int _hasEnded;

    /// <summary>Waits for the process's end. Once for a process, before its first VM is made.</summary>
    public ProcessEnd()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();

        // These end pwsh without a further word, for instance when its terminal is closed. Other hosts may go on after them.
        if (OperatingSystem.IsWindows() || Assembly.GetEntryAssembly()?.GetName().Name != "pwsh")
            return;
        foreach (PosixSignal signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Start-EmuVM -Foreground hands it on to its VM, and the process goes on.
        if (!context.Cancel)
            End();
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        IReadOnlyList<EmuVM> all = VMRegistry.All;
        string[] running = [.. all.Where(vm => vm.IsAlive).Select(vm => vm.Name)];
        if (running.Length > 0)
        {
            Say($"WARNING: The process ends, and with it the VMs that run in it: {string.Join(", ", running)}. " +
                "What is in their memory is lost. Stop-EmuVM shuts them down before, Wait-EmuVM -For Stopped waits for their end.");
        }

        // Sockets' files go, files of memory are let go as asked, and logs get their last lines.
        var ending = new Thread(() =>
        {
            foreach (EmuVM vm in all)
                Forget(vm);
        })
        {
            IsBackground = true,
            Name = "EmuPS end",
        };
        ending.Start();
        ending.Join(_limit);
    }

    private static void Forget(EmuVM vm)
    {
        try
        {
            vm.Forget();
        }
        catch (Exception error)
        {
            Say($"WARNING: The VM '{vm.Name}' did not end well: {error.Message}");
        }
    }

    // The host may be gone by now. Standard output belongs to what the script emitted.
    private static void Say(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // There is nobody to tell.
        }
    }
}
