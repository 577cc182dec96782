using System.Collections.Generic;
using System.Management.Automation;
using System.Text;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Types on the consoles of VMs: a line of text, keys, or bytes.</summary>
[Cmdlet(VerbsCommunications.Send, "EmuConsole", DefaultParameterSetName = "Text")]
[OutputType(typeof(void))]
public sealed class SendEmuConsoleCommand : PartCommand
{
    /// <summary>The text; Enter is pressed after it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Text", ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] Text { get; set; } = [];

    /// <summary>Does not press Enter.</summary>
    [Parameter(ParameterSetName = "Text")]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Keys.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Key")]
    public EmuConsoleKey[] Key { get; set; } = [];

    /// <summary>Bytes as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Byte")]
    public byte[] Byte { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        List<byte> bytes = [.. Byte];
        foreach (string text in Text)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
            if (!NoNewline)
                bytes.AddRange(TerminalKeys.Encode(EmuConsoleKey.Enter));
        }

        foreach (EmuConsoleKey key in Key)
            bytes.AddRange(TerminalKeys.Encode(key));
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            Try(vm, () =>
            {
                vm.RequireAlive();
                vm.Machine.SerialConsole.Send(bytes.ToArray());
            });
        }
    }
}
