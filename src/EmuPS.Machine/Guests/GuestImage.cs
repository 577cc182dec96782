using System;

namespace EmuPS.Machine.Guests;

/// <summary>A kernel and an initramfs ready to boot.</summary>
/// <param name="Name">The name in the store.</param>
/// <param name="KernelPath">The path of the kernel (bzImage).</param>
/// <param name="InitrdPath">The path of the initramfs.</param>
/// <param name="KernelVersion">The kernel's release, as <c>uname -r</c> says it.</param>
/// <param name="Created">When the image was made.</param>
public sealed record GuestImage(string Name, string KernelPath, string InitrdPath, string KernelVersion, DateTimeOffset Created)
{
    /// <summary>The name of the image that is made when no name is given.</summary>
    public const string DefaultName = "debian-cloud";

    /// <summary>A kernel command line that suits the image: the console on the first serial port, a reset after a panic.</summary>
    /// <remarks>Two thirds of a boot would be self-tests of the kernel's cryptography, and half of the rest clearing pages that are written next.</remarks>
    public const string DefaultCommandLine = "console=ttyS0 panic=-1 cryptomgr.notests init_on_alloc=0 emups.online=online_movable";

    /// <summary>The line that the guest prints on its console, and on the agent's port, when it is up.</summary>
    public const string ReadyMark = "EMUPS-READY";
}
