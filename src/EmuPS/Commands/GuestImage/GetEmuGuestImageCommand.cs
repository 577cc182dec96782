using System;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists the guests that a VM can start with.</summary>
[Cmdlet(VerbsCommon.Get, "EmuGuestImage")]
[OutputType(typeof(EmuGuestImage))]
public sealed class GetEmuGuestImageCommand : EmuCmdlet
{
    /// <summary>The names; wildcards are taken.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GuestImageCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        EmuGuestImage[] all = [.. GuestImages.List()];
        foreach (string name in Name ?? ["*"])
        {
            Try(name, () =>
            {
                var pattern = new NamePattern(name);
                pattern.Check();
                EmuGuestImage[] found = Array.FindAll(all, image => pattern.IsMatch(image.Name));
                if (found.Length == 0 && !pattern.IsWildcard)
                {
                    WriteError(
                        ErrorIds.GuestImageNotFound, ErrorCategory.ObjectNotFound, name, $"There is no guest image named '{name}'.",
                        $"The images are: {string.Join(", ", all.Select(image => image.Name))}. New-EmuGuestImage makes another.");
                }

                WriteObject(found, enumerateCollection: true);
            });
        }
    }
}
