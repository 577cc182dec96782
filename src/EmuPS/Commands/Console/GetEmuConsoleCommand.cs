using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Shows all that guests wrote to their consoles since they started.</summary>
[Cmdlet(VerbsCommon.Get, "EmuConsole")]
[OutputType(typeof(string))]
public sealed class GetEmuConsoleCommand : OnVMCommand
{
    private Regex? _pattern;

    /// <summary>Only so many of the last lines.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only lines that match this regular expression.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>One string with everything as the guest sent it.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Goes on with what comes, until Ctrl+C or the VM's end.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM, allByDefault: true))
        {
            Try(vm, () =>
            {
                _pattern ??= Pattern is null ? null : ConsoleText.Pattern(Pattern);
                Show(vm.Machine.Console);
            });
        }
    }

    private void Show(ConsoleLog log)
    {
        if (Raw && !Wait)
        {
            WriteObject(log.Read());
            return;
        }

        string text = log.Read();
        (IReadOnlyList<string> lines, int position) = ConsoleText.Split(text, withRest: !Wait);
        IEnumerable<string> wanted = lines.Where(Matches);
        WriteObject(Tail is { } count ? wanted.TakeLast(count) : wanted, enumerateCollection: true);
        while (Wait)
        {
            string rest = log.Read(position);
            int known = position + rest.Length;
            (string added, int _) = WaitFor(log.ReadAsync(known, CancelToken));
            (lines, int taken) = ConsoleText.Split(rest + added, withRest: added.Length == 0);
            position += taken;
            WriteObject(lines.Where(Matches), enumerateCollection: true);
            if (added.Length == 0)
                break;
        }
    }

    private bool Matches(string line) => _pattern?.IsMatch(line) ?? true;
}
