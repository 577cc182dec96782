using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Xml.Linq;

namespace EmuPS.Shell.Utility;

/// <summary>Saves objects so that Import-Clixml brings them back.</summary>
[Cmdlet(VerbsData.Export, "Clixml", SupportsShouldProcess = true)]
public sealed class ExportClixmlCommand : PSCmdlet
{
    private readonly List<PSObject?> _items = [];

    /// <summary>The file.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public string Path { get; set; } = "";

    /// <summary>The objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>How deep objects are opened.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 2;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _items.Add(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(file, "Export-Clixml"))
            return;
        XElement? all = null;
        foreach (PSObject? item in _items)
        {
            XElement one = XDocument.Parse(PSSerializer.Serialize(item, Depth)).Root!;
            if (all is null)
                all = one;
            else
                all.Add(one.Elements());
        }

        if (all is not null)
            File.WriteAllText(file, all.ToString());
    }
}
