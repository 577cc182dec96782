using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Logging;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>What all cmdlets share: Ctrl+C, waiting, finding VMs, and turning the engine's errors into error records.</summary>
/// <remarks>The engine's threads may not touch PowerShell; what they have for the pipeline goes through <see cref="Post"/>.</remarks>
public abstract class EmuCmdlet : PSCmdlet, IDisposable
{
    private const int ProgressId = 0x456D75;
    private static readonly TimeSpan _progressAfter = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly BlockingCollection<Action> _posted = [];
    private readonly List<HeardLog> _heardLogs = [];

    /// <summary>Cancelled by Ctrl+C.</summary>
    internal CancellationToken CancelToken => _stopping.Token;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Lets go of what the cmdlet waited with.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the cmdlet waited with.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _stopping.Dispose();
        _posted.Dispose();
    }

    /// <summary>Runs something on the pipeline's thread, while that waits in <see cref="WaitFor(Task, string?)"/>; callable from any thread.</summary>
    internal void Post(Action action)
    {
        try
        {
            _posted.Add(action);
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException)
        {
            // The cmdlet has ended; nobody is left to tell.
        }
    }

    /// <summary>Waits for the engine, runs what it posts, and shows progress when it takes long.</summary>
    /// <param name="task">What to wait for; its exceptions come out as they are.</param>
    /// <param name="activity">What the progress display calls it; null shows none.</param>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C.</exception>
    internal void WaitFor(Task task, string? activity = null)
    {
        long start = Stopwatch.GetTimestamp();
        bool shown = false;
        _ = task.ContinueWith(_ => Post(static () => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (!task.IsCompleted)
            {
                if (_posted.TryTake(out Action? action, activity is null ? Timeout.Infinite : 250, CancelToken))
                    action();
                TimeSpan waited = Stopwatch.GetElapsedTime(start);
                if (activity is null || task.IsCompleted || waited < _progressAfter)
                    continue;
                shown = true;
                WriteProgress(new ProgressRecord(ProgressId, activity, $"{(int)waited.TotalSeconds} s"));
            }
        }
        catch (OperationCanceledException) when (CancelToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            if (shown)
                WriteProgress(new ProgressRecord(ProgressId, activity, " ") { RecordType = ProgressRecordType.Completed });
        }

        while (_posted.TryTake(out Action? action))
            action();
        WriteWarnings();
        if (task.IsCanceled && CancelToken.IsCancellationRequested)
            throw new PipelineStoppedException();
        task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the engine's result; see <see cref="WaitFor(Task, string?)"/>.</summary>
    internal T WaitFor<T>(Task<T> task, string? activity = null)
    {
        WaitFor((Task)task, activity);
        return task.Result;
    }

    /// <summary>Calls the engine; an error becomes a non-terminating record.</summary>
    /// <returns>Whether it went well.</returns>
    internal bool Try(object? target, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is not (PipelineStoppedException or RuntimeException))
        {
            WriteError(EmuError.FromEngine(error, target));
            return false;
        }
        finally
        {
            WriteWarnings();
        }
    }

    /// <summary>Writes a non-terminating error of the front's own.</summary>
    internal void WriteError(string errorId, ErrorCategory category, object? target, string message, string? remedy = null) =>
        WriteError(EmuError.Create(errorId, category, target, message, remedy));

    /// <summary>Listens to the engine's warnings about a VM from now on, or from its beginning.</summary>
    private protected void HearWarnings(EmuVM vm, bool fromBeginning = false)
    {
        MachineLog log = vm.Machine.Log;
        if (!_heardLogs.Exists(heard => ReferenceEquals(heard.Log, log)))
            _heardLogs.Add(new(log) { Warnings = fromBeginning ? 0 : log.WarningCount });
    }

    /// <summary>Finds the VMs that the user named.</summary>
    /// <param name="identities">What was named; null when nothing was.</param>
    /// <param name="allByDefault">Whether nothing named means all; otherwise it means the only one that is not stopped.</param>
    /// <returns>What was found; what was not found has been reported.</returns>
    private protected IReadOnlyList<EmuVM> ResolveVMs(IReadOnlyList<VMIdentity>? identities, bool allByDefault = false)
    {
        IReadOnlyList<EmuVM> found = FindVMs(identities, allByDefault);
        foreach (EmuVM vm in found)
            HearWarnings(vm);
        return found;
    }

    private IReadOnlyList<EmuVM> FindVMs(IReadOnlyList<VMIdentity>? identities, bool allByDefault)
    {
        if (identities is null)
            return allByDefault ? VMRegistry.All : DefaultVM();
        List<EmuVM> found = [];
        foreach (VMIdentity identity in identities)
        {
            Try(identity.Text, () =>
            {
                identity.Pattern?.Check();
                EmuVM[] matches = [.. VMRegistry.Find(identity)];
                if (matches.Length == 0 && identity.Pattern is null)
                    WriteVMNotFound(identity);
                found.AddRange(matches.Except(found));
            });
        }

        return found;
    }

    /// <summary>Finds the VMs that a named part may be on: an object knows its own.</summary>
    /// <param name="identity">What was named.</param>
    /// <param name="vms">What the user said with <c>-VM</c>, or what came along with the object.</param>
    /// <param name="isTyped">Whether the user said it, so that it must agree with the object.</param>
    /// <param name="mismatchId">The error's id when it does not.</param>
    private protected IReadOnlyList<EmuVM> ResolveVMs(ChildIdentity identity, IReadOnlyList<VMIdentity>? vms, bool isTyped, string mismatchId)
    {
        if (identity.VMId is not { } id)
            return ResolveVMs(vms);
        EmuVM[] own = [.. VMRegistry.All.Where(vm => vm.Id == id)];
        IReadOnlyList<EmuVM> typed = isTyped && own.Length > 0 ? ResolveVMs(vms) : own;
        if (own.Length == 0 || (typed.Count > 0 && !typed.Contains(own[0])))
        {
            WriteStranger(identity, typed, mismatchId);
            return [];
        }

        if (typed.Count == 0)
            return [];
        HearWarnings(own[0]);
        return own;
    }

    /// <summary>Finds parts of VMs: a literal id that stands for nothing is an error, a pattern that does is silence.</summary>
    /// <param name="identity">What was named.</param>
    /// <param name="vms">Where to look; an object is looked for on its own VM alone.</param>
    /// <param name="parts">The VM's parts that the identity stands for.</param>
    /// <param name="notFound">The error's id and message, the cmdlet that lists what is there, and the error's id for an object of another VM.</param>
    private protected T[] FindParts<T>(
        ChildIdentity identity, IReadOnlyList<EmuVM> vms, Func<EmuVM, IEnumerable<T>> parts, (string ErrorId, string Message, string Lister, string MismatchId) notFound)
    {
        T[] found = [];
        Try(identity.Text, () =>
        {
            identity.Pattern?.Check();
            if (vms.Count > 0 && identity.VMId is { } id && vms.All(vm => vm.Id != id))
            {
                WriteStranger(identity, vms, notFound.MismatchId);
                return;
            }

            found = [.. vms.Where(vm => identity.VMId is not { } id || vm.Id == id).SelectMany(parts)];
            if (found.Length == 0 && identity.Pattern is null && vms.Count > 0)
                WriteError(notFound.ErrorId, ErrorCategory.ObjectNotFound, identity.Text, notFound.Message, $"{notFound.Lister} lists what is there.");
        });
        return found;
    }

    /// <summary>Finds DIMMs of VMs; see <see cref="FindParts"/>.</summary>
    private protected EmuDimm[] FindDimms(DimmIdentity identity, IReadOnlyList<EmuVM> vms) => FindParts(
        identity, vms, vm => vm.Dimms.Where(dimm => identity.Matches(dimm.DimmId)),
        (ErrorIds.DimmNotFound, $"Device '{identity}' not found", "Get-EmuDimm", ErrorIds.DimmOfAnotherVM));

    /// <summary>The path of a file as people write it in PowerShell: relative to the current location, or on a drive of the file system.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.InvalidPath"/>.</exception>
    private protected string FilePath(string path)
    {
        try
        {
            string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (!string.Equals(provider.Name, "FileSystem", StringComparison.OrdinalIgnoreCase))
                throw NoFile($"it names a place of the provider {provider.Name}");
            if (string.IsNullOrWhiteSpace(path))
                throw NoFile("it is blank");
            return full.Contains('\0') ? throw NoFile("it has a null character") : full;
        }
        catch (Exception error) when (error is SessionStateException or NotSupportedException)
        {
            // The drive or the provider does not exist; PowerShell's own words end with a full stop.
            throw NoFile(error.Message.TrimEnd('.'), error);
        }

        EmuException NoFile(string why, Exception? inner = null) => new(
            ErrorIds.InvalidPath, $"'{path.Replace("\0", "\\0")}' is not the path of a file: {why}.", "Write a path of the file system.", inner, ErrorCategory.InvalidArgument);
    }

    /// <summary>Reports that there is no such VM.</summary>
    private void WriteVMNotFound(VMIdentity identity)
    {
        string names = string.Join(", ", VMRegistry.All.Select(vm => identity.Id is null ? vm.Name : $"{vm.Id} ({vm.Name})"));
        WriteError(
            ErrorIds.VMNotFound, ErrorCategory.ObjectNotFound, identity.Text,
            identity.Id is { } id ? $"There is no VM with the id {id}." : $"There is no VM '{identity}'.",
            names.Length == 0 ? "Start one with Start-EmuVM." : $"There is: {names}.");
    }

    // An object is of a VM that was not named, or that is no more.
    private void WriteStranger(ChildIdentity identity, IReadOnlyList<EmuVM> vms, string mismatchId)
    {
        if (VMRegistry.All.All(vm => vm.Id != identity.VMId))
        {
            WriteError(
                ErrorIds.VMNotFound, ErrorCategory.ObjectNotFound, identity.Text, $"'{identity}' belonged to the VM '{identity.VMName}', which was removed.",
                "Get-EmuVM lists what is there.");
        }
        else
        {
            WriteError(
                mismatchId, ErrorCategory.InvalidArgument, identity.Text,
                $"'{identity}' belongs to the VM '{identity.VMName}', not to '{string.Join(", ", vms.Select(vm => vm.Name))}'.",
                "Leave out -VM: the object knows its own.");
        }
    }

    // What the engine warned of since the cmdlet looked at the VM is this cmdlet's doing, or a neighbour's at the same moment.
    private void WriteWarnings()
    {
        foreach (HeardLog heard in _heardLogs)
        {
            if (heard.Log.WarningCount == heard.Warnings)
                continue;
            IReadOnlyList<string> news = heard.Log.WarningsAfter(heard.Warnings);
            // Noted first: -WarningAction Stop throws out of the loop.
            heard.Warnings = heard.Log.WarningCount;
            foreach (string warning in news)
                WriteWarning(warning);
        }
    }

    private IReadOnlyList<EmuVM> DefaultVM()
    {
        EmuVM[] alive = [.. VMRegistry.All.Where(vm => vm.IsAlive)];
        if (alive.Length == 1)
            return alive;
        if (alive.Length == 0)
        {
            WriteError(
                ErrorIds.VMNotFound, ErrorCategory.ObjectNotFound, null, "No VM is running.",
                "Start one with Start-EmuVM, or name a stopped one with -VM.");
        }
        else
        {
            string names = string.Join(", ", alive.Select(vm => vm.Name));
            WriteError(ErrorIds.VMAmbiguous, ErrorCategory.InvalidArgument, names, $"{alive.Length} VMs are running: {names}.", "Name one with -VM.");
        }

        return [];
    }

    // How many of a VM's warnings this call knows of.
    private sealed class HeardLog(MachineLog log)
    {
        public MachineLog Log { get; } = log;

        public long Warnings { get; set; }
    }
}
