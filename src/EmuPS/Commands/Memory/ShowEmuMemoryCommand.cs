using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.Drawing;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Draws the memory of VMs: on the screen, again and again while it changes, or into a file.</summary>
[Cmdlet(VerbsCommon.Show, "EmuMemory", DefaultParameterSetName = "Screen")]
[OutputType(typeof(void))]
public sealed class ShowEmuMemoryCommand : OnVMCommand
{
    private const int NarrowWidth = 80;
    private static readonly TimeSpan _refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _guestRefresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    // Not one field of both: a tuple of an engine's type has PowerShell look for the engine while it imports.
    private long? _heardAt;
    private GuestMemoryInfo? _heard;

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

    private void WriteFile(EmuVM vm, string path)
    {
        MemoryPicture picture = Look(vm);
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
                // What is higher than the terminal cannot be drawn over.
                if (!Console.IsOutputRedirected && Height() is var height && lines.Count >= height)
                    lines = [.. lines.Take(height - 2), $"... and {lines.Count - height + 2} lines more: without -Watch all are there."];

                // Back up over the last picture; where there is no terminal, pictures follow each other.
                if (shown.Count > 0 && !Console.IsOutputRedirected)
                    Host.UI.Write($"\e[{shown.Count}A\e[J");
                WriteLines(lines);
                shown = lines;
            }

            WaitFor(Task.Delay(_refresh, CancellationToken.None));
        }
    }

    private IReadOnlyList<string> Draw(EmuVM vm) => TextDrawing.Draw(Look(vm), Width(), colors: !Console.IsOutputRedirected);

    private MemoryPicture Look(EmuVM vm) => MemoryPicture.Of(vm.Name, vm.Machine.Hotplug, AskGuest(vm));

    // The guest's own view, as old as a second while -Watch goes on; null where it cannot be asked now.
    private GuestMemoryInfo? AskGuest(EmuVM vm)
    {
        if (vm.Machine.SimulatedGuest is not null || vm.State != EmuVMState.Running || !vm.Machine.Agent.IsReady)
            return null;
        if (_heardAt is { } at && Stopwatch.GetElapsedTime(at) < _guestRefresh)
            return _heard;
        _heard = null;
        try
        {
            _heard = WaitFor(GuestMemoryInfo.ReadAsync(vm.Machine.Agent, _patience, CancelToken));
        }
        catch (Exception error) when (error is TimeoutException or GuestAgentException)
        {
            // It is busy, or on its way down; the machine's own view is there all the same.
        }

        _heardAt = Watch ? Stopwatch.GetTimestamp() : null;
        return _heard;
    }

    private int Width() => Math.Max(1, Window().Width - 1);

    private int Height() => Math.Max(3, Window().Height);

    private Size Window()
    {
        try
        {
            return Host.UI.RawUI.WindowSize is { Width: > 1, Height: > 1 } size ? size : new Size(NarrowWidth, int.MaxValue);
        }
        catch (Exception error) when (error is NotImplementedException or HostException or IOException)
        {
            return new Size(NarrowWidth, int.MaxValue);
        }
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Host.UI.WriteLine(line);
    }
}
