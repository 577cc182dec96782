using System.Collections;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Commands;

namespace EmuPS.Completion;

/// <summary>Completes the names of guest images that have files: the simulated guest cannot be deleted.</summary>
public sealed class MadeGuestImageCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        GuestImages.List().Where(image => image.KernelPath is not null).Select(image => (image.Name, "Linux " + image.KernelVersion));
}
