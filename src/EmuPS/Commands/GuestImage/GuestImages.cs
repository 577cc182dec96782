using System.Collections.Generic;
using System.IO;
using System.Linq;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>The guest images as the cmdlets show them.</summary>
internal static class GuestImages
{
    /// <summary>The guest that needs no files.</summary>
    public static EmuGuestImage Simulated => new() { Name = SimulatedGuest.ImageName };

    /// <summary>All images, the simulated guest among them.</summary>
    public static IEnumerable<EmuGuestImage> List() => new GuestImageStore().List().Select(From).Append(Simulated);

    /// <summary>Takes a snapshot of an image.</summary>
    public static EmuGuestImage From(GuestImage image) => new()
    {
        Name = image.Name,
        KernelVersion = image.KernelVersion,
        KernelPath = image.KernelPath,
        InitrdPath = image.InitrdPath,
        SizeBytes = Length(image.KernelPath) + Length(image.InitrdPath),
        Created = image.Created,
    };

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
