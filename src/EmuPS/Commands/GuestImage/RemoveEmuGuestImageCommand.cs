using System;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Guests;

namespace EmuPS.Commands;

/// <summary>Deletes guest images from the cache.</summary>
[Cmdlet(VerbsCommon.Remove, "EmuGuestImage", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveEmuGuestImageCommand : EmuCmdlet
{
    /// <summary>The names; wildcards are taken.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MadeGuestImageCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var store = new GuestImageStore();
        foreach (string name in Name)
        {
            if (string.Equals(name, SimulatedGuest.ImageName, StringComparison.OrdinalIgnoreCase))
            {
                WriteError(ErrorIds.GuestImageIsBuiltIn, ErrorCategory.InvalidOperation, name, "The simulated guest has no files that could be deleted.");
                continue;
            }

            foreach (string image in Find(store, name))
            {
                if (ShouldProcess(image, "Delete the guest image"))
                    Try(image, () => store.Remove(image));
            }
        }
    }

    private string[] Find(GuestImageStore store, string name)
    {
        string[] found = [];
        Try(name, () =>
        {
            var pattern = new NamePattern(name);
            pattern.Check();
            found = [.. store.List().Select(image => image.Name).Where(pattern.IsMatch)];
            if (found.Length == 0 && !pattern.IsWildcard)
            {
                WriteError(
                    ErrorIds.GuestImageNotFound, ErrorCategory.ObjectNotFound, name, $"There is no guest image named '{name}'.", "Get-EmuGuestImage lists what is there.");
            }
        });
        return found;
    }
}
