using System;

namespace EmuPS.Objects;

/// <summary>A guest that a VM can start with; a snapshot.</summary>
public sealed class EmuGuestImage
{
    internal EmuGuestImage()
    {
    }

    /// <summary>Its name, as <c>Start-EmuVM -Guest</c> takes it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The release of its kernel; null for the simulated guest, which has none.</summary>
    public string? KernelVersion { get; internal init; }

    /// <summary>The path of its kernel; null for the simulated guest.</summary>
    public string? KernelPath { get; internal init; }

    /// <summary>The path of its initramfs; null for the simulated guest.</summary>
    public string? InitrdPath { get; internal init; }

    /// <summary>The size of its files in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>When it was made; null for the simulated guest.</summary>
    public DateTimeOffset? Created { get; internal init; }

    /// <summary>The image's name.</summary>
    public override string ToString() => Name;
}
