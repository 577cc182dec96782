using System.Collections.Generic;

namespace EmuPS.Machine.Guests;

/// <summary>What a guest image is to be made from.</summary>
public sealed record GuestImageRequest
{
    /// <summary>The image's name.</summary>
    public string Name { get; init; } = GuestImage.DefaultName;

    /// <summary>Debian packages to take the kernel and busybox from; what they lack comes through apt.</summary>
    public IReadOnlyList<string> DebPaths { get; init; } = [];

    /// <summary>The name of the kernel package; the newest cloud kernel when it is null.</summary>
    public string? KernelPackage { get; init; }

    /// <summary>Files and folders to put into the guest's <c>/root</c>.</summary>
    public IReadOnlyList<string> IncludePaths { get; init; } = [];

    /// <summary>Makes the image anew even if there is one of that name.</summary>
    public bool Force { get; init; }
}
