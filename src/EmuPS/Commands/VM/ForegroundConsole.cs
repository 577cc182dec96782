using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Machine.Guests;
using EmuPS.Machine.Pc;
using EmuPS.Objects;
using Microsoft.Win32.SafeHandles;

namespace EmuPS.Commands;

/// <summary>The VM's first serial port on the process's standard input and output, byte for byte, until the VM ends.</summary>
internal static class ForegroundConsole
{
    private const int BufferLength = 4096;
    private const nint StandardInput = 0;

    /// <summary>Starts the VM and stays until it ends; a signal or Ctrl+C ends it.</summary>
    /// <returns>The exit code that QEMU would have ended with.</returns>
    public static int Run(EmuCmdlet cmdlet, EmuVM vm)
    {
        // Not through Console.In and Console.Out: those decode text, and what goes by here is bytes.
        using Stream output = Console.OpenStandardOutput();
        IGuestChannel channel = vm.Machine.SerialConsole;
        channel.Received += Write;
        using IDisposable terminal = HostTerminal.EnterRawMode(keepsSignals: true);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using CancellationTokenSource ended = new();
        try
        {
            vm.Start();
            new Thread(() => Feed(channel, ended.Token)) { IsBackground = true, Name = "EmuPS standard input" }.Start();
            cmdlet.WaitFor(vm.WaitForEndAsync(CancellationToken.None));
        }
        finally
        {
            ended.Cancel();
            if (vm.IsAlive)
                vm.Machine.PowerOff(MachineExit.HostSignal);
            channel.Received -= Write;
        }

        if (vm.ExitReport is { } report)
            Console.Error.WriteLine(report);
        return vm.ExitCode ?? 0;

        void Write(ReadOnlyMemory<byte> bytes)
        {
            try
            {
                output.Write(bytes.Span);
                output.Flush();
            }
            catch (IOException)
            {
                // Whoever read it has gone; the guest runs to its end all the same.
                channel.Received -= Write;
            }
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            vm.Machine.PowerOff(MachineExit.HostSignal);
        }
    }

    // On a terminal, the console's own stream hands out whole lines and echoes them.
    private static Stream OpenInput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardInput()
        : new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private static void Feed(IGuestChannel channel, CancellationToken ended)
    {
        using Stream input = OpenInput();
        byte[] buffer = new byte[BufferLength];
        try
        {
            while (input.Read(buffer) is var count and > 0 && !ended.IsCancellationRequested)
                channel.Send(buffer.AsSpan(0, count).ToArray());
        }
        catch (IOException)
        {
            // The input is gone, which is its end.
        }
    }
}
