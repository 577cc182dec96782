using System;
using EmuPS.Objects;

namespace EmuPS.Identity;

/// <summary>What a user may write where a guest is meant: the name of an image, or the image.</summary>
public sealed class GuestIdentity
{
    /// <summary>Takes a name; <c>Simulated</c> is the guest that needs no files.</summary>
    public GuestIdentity(string name) => Name = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Takes an image.</summary>
    public GuestIdentity(EmuGuestImage image) => Name = (image ?? throw new ArgumentNullException(nameof(image))).Name;

    /// <summary>The image's name.</summary>
    public string Name { get; }

    /// <summary>The image's name.</summary>
    public override string ToString() => Name;
}
