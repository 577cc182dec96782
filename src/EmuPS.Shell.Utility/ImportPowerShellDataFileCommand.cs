using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using EmuPS.Shell.Management;

namespace EmuPS.Shell.Utility;

/// <summary>The hashtable in a .psd1 file, without running code.</summary>
[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "Path")]
[OutputType(typeof(System.Collections.Hashtable))]
public sealed class ImportPowerShellDataFileCommand : PathCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (string file in Resolve(path, out _))
        {
            if (!File.Exists(file))
                throw new PSArgumentException($"The file '{file}' does not exist.");
            ScriptBlockAst script = Parser.ParseFile(file, out _, out ParseError[] errors);
            if (errors.Length > 0)
                throw new PSInvalidOperationException($"The file '{file}' could not be parsed as a PowerShell data file: {errors[0].Message}");
            Ast data = script.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)
                ?? throw new PSInvalidOperationException($"The file '{file}' holds no hashtable.");
            WriteObject(data.SafeGetValue());
        }
    });
}
