using System.IO;
using System.Management.Automation;
using EmuPS.Shell.Management;

namespace EmuPS.Shell.Utility;

/// <summary>Objects that Export-Clixml saved.</summary>
[Cmdlet(VerbsData.Import, "Clixml", DefaultParameterSetName = "Path")]
public sealed class ImportClixmlCommand : PathCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (string file in Resolve(path, out _))
        {
            foreach (object item in PSSerializer.DeserializeAsList(File.ReadAllText(file)))
                WriteObject(item, enumerateCollection: true);
        }
    });
}
