using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.Drawing;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Draws the memory of VMs: on the screen, again and again while it changes, or into a file.</summary>
[Cmdlet(VerbsCommon.Show, "EmuMemory", DefaultParameterSetName = "Screen")]
[OutputType(typeof(void))]
public sealed class ShowEmuMemoryCommand : OnVMCommand
{
    private const int NarrowWidth = 80;
    private static readonly TimeSpan _refresh = TimeSpan.FromMilliseconds(250);

    /// <summary>Draws again while it changes, until Ctrl+C or the VM's end.</summary>
    [Parameter(ParameterSetName = "Screen")]
    public SwitchParameter Watch { get; set; }

    /// <summary>A file to draw into: .svg, or .html.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            Try(vm, () =>
            {
                vm.RequireAlive();
                if (OutFile is not null)
                    WriteFile(vm, FilePath(OutFile));
                else if (Watch)
                    Follow(vm);
                else
                    WriteLines(Draw(vm));
            });
        }
    }

    private static void WriteFile(EmuVM vm, string path)
    {
        MemoryPicture picture = MemoryPicture.Of(vm.Name, vm.Machine.Hotplug);
        string text = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".svg" => SvgDrawing.DrawSvg(picture),
            ".html" or ".htm" => SvgDrawing.DrawHtml(picture),
            var other => throw new EmuException(
                ErrorIds.InvalidArgument, $"'{path}' has {(other.Length == 0 ? "no extension" : $"the extension '{other}'")}, which is no kind of picture that can be drawn.", "Give the file the extension .svg or .html.", category: ErrorCategory.InvalidArgument),
        };
        _ = HostFiles.Write(path, path =>
        {
            File.WriteAllText(path, text);
            return text.Length;
        });
    }

    private void Follow(EmuVM vm)
    {
        IReadOnlyList<string> shown = [];
        while (vm.IsAlive)
        {
            IReadOnlyList<string> lines = Draw(vm);
            if (!lines.SequenceEqual(shown))
            {
                // Back up over the last picture; where there is no terminal, pictures follow each other.
                if (shown.Count > 0 && !Console.IsOutputRedirected)
                    Host.UI.Write($"\e[{shown.Count}A\e[J");
                WriteLines(lines);
                shown = lines;
            }

            WaitFor(Task.Delay(_refresh, CancellationToken.None));
        }
    }

    private IReadOnlyList<string> Draw(EmuVM vm) =>
        TextDrawing.Draw(MemoryPicture.Of(vm.Name, vm.Machine.Hotplug), Width(), colors: !Console.IsOutputRedirected);

    private int Width()
    {
        try
        {
            return Host.UI.RawUI.WindowSize.Width is var width and > 1 ? width - 1 : NarrowWidth;
        }
        catch (Exception error) when (error is NotImplementedException or HostException or IOException)
        {
            return NarrowWidth;
        }
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Host.UI.WriteLine(line);
    }
}
