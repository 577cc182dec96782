using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Makes a guest image from Debian packages, fetched by apt or given as files.</summary>
[Cmdlet(VerbsCommon.New, "EmuGuestImage", SupportsShouldProcess = true)]
[OutputType(typeof(EmuGuestImage))]
public sealed class NewEmuGuestImageCommand : EmuCmdlet
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly List<string> _packages = [];
    private bool _isIncomplete;

    /// <summary>The image's name.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = GuestImage.DefaultName;

    /// <summary>Debian packages (.deb) to take the kernel and busybox from; what they lack comes through apt.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? DebPath { get; set; }

    /// <summary>The name of the kernel package; the newest cloud kernel when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KernelPackage { get; set; }

    /// <summary>Files and folders to put into the guest's <c>/root</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? IncludePath { get; set; }

    /// <summary>Makes the image anew even if there is one of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in DebPath ?? [])
            _isIncomplete |= !Try(path, () => _packages.Add(FilePath(path)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // An image of what is left of the packages is not what was asked for.
        if (_isIncomplete || !ShouldProcess(Name, "Make the guest image"))
            return;
        Try(Name, () =>
        {
            var request = new GuestImageRequest
            {
                Name = Name,
                DebPaths = _packages,
                KernelPackage = KernelPackage,
                IncludePaths = Array.ConvertAll(IncludePath ?? [], FilePath),
                Force = Force,
            };
            var progress = new Progress(this);
            Task<GuestImage> making = Task.Run(() => new GuestImageBuilder(new GuestImageStore()).BuildAsync(request, progress, CancelToken), CancelToken);
            try
            {
                WriteObject(GuestImages.From(WaitFor(making)));
            }
            catch (PipelineStoppedException)
            {
                // The prompt comes back when apt is gone, and the folder it worked in.
                _ = Task.WaitAny([making], _patience);
                throw;
            }
        });
    }

    private sealed class Progress(NewEmuGuestImageCommand command) : IProgress<GuestImageProgress>
    {
        public void Report(GuestImageProgress value) => command.Post(() => command.WriteProgress(
            new ProgressRecord(1, $"Making the guest image '{command.Name}'", value.Activity)
            {
                PercentComplete = value.Percent,
                RecordType = value.Percent >= 100 ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            }));
    }
}
