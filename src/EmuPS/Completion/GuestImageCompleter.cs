using System.Collections;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Commands;

namespace EmuPS.Completion;

/// <summary>Completes the names of guest images.</summary>
public sealed class GuestImageCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        GuestImages.List().Select(image => (image.Name, image.KernelVersion is { } version ? "Linux " + version : "needs no files, boots at once"));
}
