using System;
using System.IO;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Puts the guest's console on this terminal until the escape key is pressed or the VM ends.</summary>
[Cmdlet(VerbsCommon.Enter, "EmuConsole")]
[OutputType(typeof(void))]
public sealed class EnterEmuConsoleCommand : VMCommand
{
    private const int ShownBefore = 2000;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The key that leaves, together with Ctrl.</summary>
    [Parameter]
    public char EscapeKey { get; set; } = ']';

    private protected override void Process(EmuVM vm)
    {
        vm.RequireAlive();
        if (char.ToUpperInvariant(EscapeKey) is not (>= '@' and <= '_'))
        {
            throw new EmuException(
                ErrorIds.InvalidArgument, $"-EscapeKey: Ctrl and '{EscapeKey}' are no key of a terminal.", "Write a letter, or one of @ [ \\ ] ^ _.", category: ErrorCategory.InvalidArgument);
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw new EmuException(
                ErrorIds.TerminalRequired, "Enter-EmuConsole needs a terminal for its input and output.", "Use Receive-EmuConsole and Send-EmuConsole in scripts.");
        }

        Host.UI.WriteLine($"Connected to '{vm.Name}'; Ctrl+{char.ToUpperInvariant(EscapeKey)} leaves.");
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        using (TakeTerminal())
        {
            // The terminal is the guest's before the first of its characters is seen: what is typed in answer to it must not be echoed here.
            Task shown = ShowAsync(vm.Machine.Console, left.Token);
            try
            {
                if (OperatingSystem.IsWindows())
                    TypeKeys(vm, shown, left.Token);
                else
                    TypeBytes(vm, shown, left.Token);
            }
            finally
            {
                left.Cancel();
                // A terminal that nobody reads does not keep the cmdlet.
                shown.Wait(_patience);
            }
        }

        Host.UI.WriteLine();
        Host.UI.WriteLine(vm.IsAlive ? $"Left '{vm.Name}', which goes on." : $"'{vm.Name}' ended: {vm.ExitReason}.");
    }

    // Also when the process is ended from outside.
    private static TerminalLoan TakeTerminal() => OperatingSystem.IsWindows()
        ? new TerminalLoan(new KeysAsInput())
        : new TerminalLoan(HostTerminal.EnterRawMode(keepsSignals: false));

    private static async Task ShowAsync(ConsoleLog log, CancellationToken left)
    {
        // Elsewhere than on Windows, Console.Out would set up the terminal in a way of its own.
        TextWriter output = OperatingSystem.IsWindows() ? Console.Out : new StreamWriter(Console.OpenStandardOutput(), _utf8) { AutoFlush = true };
        int position = log.Length;
        try
        {
            await output.WriteAsync(ConsoleText.Replay(log.Read()[..position], ShownBefore).AsMemory(), left).ConfigureAwait(false);
            while (await log.ReadAsync(position, left).ConfigureAwait(false) is ({ Length: > 0 } text, var next))
            {
                await output.WriteAsync(text.AsMemory(), left).ConfigureAwait(false);
                position = next;
            }
        }
        catch (OperationCanceledException)
        {
            // The user has left.
        }
        catch (IOException)
        {
            // The terminal has gone.
        }
    }

    private byte EscapeByte => (byte)(char.ToUpperInvariant(EscapeKey) & 0x1F);

    private void TypeBytes(EmuVM vm, Task shown, CancellationToken left)
    {
        byte[] buffer = new byte[1024];
        while (!shown.IsCompleted && !left.IsCancellationRequested)
        {
            int count = HostTerminal.Read(buffer, _poll);
            if (count < 0)
                return;
            int escape = Array.IndexOf(buffer, EscapeByte, 0, count);
            int typed = escape < 0 ? count : escape;
            if (typed > 0)
                vm.Machine.SerialConsole.Send(buffer.AsSpan(0, typed).ToArray());
            if (escape >= 0)
                return;
        }
    }

    private void TypeKeys(EmuVM vm, Task shown, CancellationToken left)
    {
        while (!shown.IsCompleted && !left.IsCancellationRequested)
        {
            if (!Console.KeyAvailable)
            {
                // Windows has no way to be told of a key and of the rest at once.
                left.WaitHandle.WaitOne(_poll);
                continue;
            }

            byte[] bytes = TerminalKeys.Encode(Console.ReadKey(intercept: true));
            if (bytes is [var single] && single == EscapeByte)
                return;
            vm.Machine.SerialConsole.Send(bytes);
        }
    }
}
