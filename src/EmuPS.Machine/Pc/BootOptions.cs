namespace EmuPS.Machine.Pc;

/// <summary>What the machine boots: a kernel with what belongs to it, firmware, which may be offered a kernel, or the simulated guest.</summary>
public sealed record BootOptions
{
    /// <summary>Boots the guest of our own that answers memory events without an operating system.</summary>
    public static BootOptions Simulated { get; } = new() { IsSimulated = true };

    /// <summary>True for the simulated guest; the paths are not looked at then.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>A ROM image for the top of the first 4 GiB, where the processor then starts: QEMU's <c>-bios</c>. Null for a machine that starts its kernel itself.</summary>
    public string? FirmwarePath { get; init; }

    /// <summary>A Linux kernel (bzImage or ELF), a PVH kernel or a Multiboot kernel. Firmware is offered a bzImage, or nothing when this is null.</summary>
    public string? KernelPath { get; init; }

    /// <summary>The initial RAM disk, or for a Multiboot kernel its module; null for none.</summary>
    public string? InitrdPath { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = string.Empty;

    /// <summary>True to unpack a Linux kernel on the host, which boots faster; the kernel then does not choose random addresses for itself.</summary>
    public bool UnpackKernel { get; init; } = true;
}
