using System;
using System.Management.Automation;
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
    private const int KeyPoll = 15;

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
        bool before = Console.TreatControlCAsInput;
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        Task shown = ShowAsync(vm.Machine.Console, left.Token);
        try
        {
            Console.TreatControlCAsInput = true;
            TypeUntilEscape(vm, shown, left.Token);
        }
        finally
        {
            Console.TreatControlCAsInput = before;
            left.Cancel();
        }

        Host.UI.WriteLine();
        Host.UI.WriteLine(vm.IsAlive ? $"Left '{vm.Name}', which goes on." : $"'{vm.Name}' ended: {vm.ExitReason}.");
    }

    private static async Task ShowAsync(ConsoleLog log, CancellationToken left)
    {
        int position = Math.Max(0, log.Length - ShownBefore);
        try
        {
            while (await log.ReadAsync(position, left).ConfigureAwait(false) is ({ Length: > 0 } text, var next))
            {
                Console.Out.Write(text);
                position = next;
            }
        }
        catch (OperationCanceledException)
        {
            // The user has left.
        }
    }

    private void TypeUntilEscape(EmuVM vm, Task shown, CancellationToken left)
    {
        byte escape = (byte)(char.ToUpperInvariant(EscapeKey) & 0x1F);
        while (!shown.IsCompleted && !left.IsCancellationRequested)
        {
            if (!Console.KeyAvailable)
            {
                // There is no way to be told of a key on every system.
                left.WaitHandle.WaitOne(KeyPoll);
                continue;
            }

            byte[] bytes = TerminalKeys.Encode(Console.ReadKey(intercept: true));
            if (bytes is [var single] && single == escape)
                return;
            vm.Machine.SerialConsole.Send(bytes);
        }
    }
}
