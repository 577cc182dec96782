using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Copies files between the host and the guest.</summary>
[Cmdlet(VerbsCommon.Copy, "EmuGuestFile", DefaultParameterSetName = ToGuestSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), ParameterSetName = [FromGuestSet])]
public sealed class CopyEmuGuestFileCommand : PartCommand
{
    private const string ToGuestSet = "ToGuest";
    private const string FromGuestSet = "FromGuest";

    private Deadline _deadline = new(-1);

    /// <summary>Copies from the host to the guest.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToGuestSet)]
    public SwitchParameter ToGuest { get; set; }

    /// <summary>Copies from the guest to the host.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromGuestSet)]
    public SwitchParameter FromGuest { get; set; }

    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Where they go: a file, or a folder if there is one of that name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>How long it may take, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _deadline = new Deadline(Timeout);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            foreach (string path in Path)
            {
                Try(path, () =>
                {
                    if (ToGuest)
                        CopyIn(vm, path);
                    else
                        CopyOut(vm, path);
                });
            }
        }
    }

    private void CopyIn(EmuVM vm, string path)
    {
        string source = FilePath(path);
        byte[] content = HostFiles.Read(source, File.ReadAllBytes);
        RequireGuestPath(Destination);
        vm.RequireAgent();
        if (!ShouldProcess(vm.Name, $"Copy '{source}' to '{Destination}' in the guest"))
            return;
        Limited(async token =>
        {
            string quoted = GuestAgent.Quote(Destination);
            GuestCommandResult isFolder = await vm.Machine.Agent.RunAsync($"[ -d {quoted} ]", cancellationToken: token).ConfigureAwait(false);
            string target = isFolder.ExitCode == 0 ? $"{Destination.TrimEnd('/')}/{System.IO.Path.GetFileName(source)}" : Destination;
            await vm.Machine.Agent.CopyToAsync(content, target, token).ConfigureAwait(false);
        });
    }

    private void CopyOut(EmuVM vm, string path)
    {
        string target = FilePath(Destination);
        if (Directory.Exists(target))
            target = System.IO.Path.Combine(target, path.Split('/').Last());
        // What cannot be written need not be fetched.
        HostFiles.RequireFolder(target);
        RequireGuestPath(path);
        vm.RequireAgent();
        if (!ShouldProcess(vm.Name, $"Copy '{path}' from the guest to '{target}'"))
            return;
        byte[] content = [];
        Limited(async token => content = await vm.Machine.Agent.CopyFromAsync(path, token).ConfigureAwait(false));
        WriteObject(HostFiles.Write(target, target =>
        {
            File.WriteAllBytes(target, content);
            return new FileInfo(target);
        }));
    }

    private static void RequireGuestPath(string path)
    {
        if (path.Contains('\0') || string.IsNullOrWhiteSpace(path))
        {
            throw new EmuException(
                ErrorIds.InvalidPath, $"'{path.Replace("\0", "\\0")}' is not a path in the guest.", "Write the file's path in the guest, as /root/file.", category: ErrorCategory.InvalidArgument);
        }
    }

    private void Limited(Func<CancellationToken, Task> copy)
    {
        using CancellationTokenSource limit = _deadline.Link(CancelToken);
        try
        {
            WaitFor(copy(limit.Token), "Copying");
        }
        catch (OperationCanceledException error)
        {
            throw new EmuException(
                ErrorIds.GuestCommandTimeout, $"The copy did not end within {_deadline.Text}.", "Give it more time with -Timeout.", error, ErrorCategory.OperationTimeout);
        }
    }
}
