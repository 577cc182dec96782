using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Deletes memory backends that no DIMM uses.</summary>
[Cmdlet(VerbsCommon.Remove, "EmuMemoryBackend", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveEmuMemoryBackendCommand : PartCommand
{
    /// <summary>The backends: ids, wildcards, objects, or what a waiting cmdlet said about their DIMMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BackendId")]
    [ArgumentCompleter(typeof(UnusedBackendCompleter))]
    [SupportsWildcards]
    public BackendIdentity[] Backend { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (BackendIdentity identity in Backend)
        {
            foreach (EmuVM vm in ResolveVMs(identity, ErrorIds.BackendOfAnotherVM))
            {
                Try(identity.Text, () =>
                {
                    foreach (string id in Expand(vm, identity))
                        Try(id, () => Remove(vm, id));
                });
            }
        }
    }

    // What is not there, or is in use, the engine reports in QEMU's words.
    private static string[] Expand(EmuVM vm, BackendIdentity identity)
    {
        identity.Pattern?.Check();
        return identity.Pattern is null
            ? [identity.Text]
            : [.. vm.Backends.Where(backend => !backend.IsMain && identity.Matches(backend.BackendId)).Select(backend => backend.BackendId)];
    }

    private void Remove(EmuVM vm, string id)
    {
        vm.RequireAlive();
        if (ShouldProcess(vm.Name, $"Delete the memory backend '{id}'"))
            vm.Machine.Hotplug.RemoveBackend(id);
    }
}
