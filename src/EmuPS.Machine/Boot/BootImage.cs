using System;
using System.IO;
using EmuPS.Cpu;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Boot;

/// <summary>Something that can be put into a machine's memory and started without firmware. It is kept for the machine's life: a reset loads it again.</summary>
internal abstract class BootImage
{
    /// <summary>Puts the image into memory.</summary>
    /// <param name="target">The machine.</param>
    /// <returns>How the processor starts.</returns>
    /// <exception cref="EngineException">It does not fit; see <see cref="BootErrorIds"/>.</exception>
    public abstract ProcessorEntry Load(BootTarget target);

    /// <summary>Reads and recognises what is to be booted.</summary>
    /// <param name="options">What to boot.</param>
    /// <exception cref="EngineException">There is nothing, it cannot be read, or it is no kernel; see <see cref="BootErrorIds"/>.</exception>
    public static BootImage Open(BootOptions options)
    {
        if (options.IsSimulated)
        {
            return new SimulatedBootImage();
        }

        if (options.KernelPath is not { Length: > 0 } path)
        {
            throw new EngineException(
                BootErrorIds.NothingToBoot, EngineErrorCategory.InvalidArgument, "The machine has nothing to boot.", null,
                "Name a kernel or a guest image, or use the simulated guest.");
        }

        byte[] kernel = Read(path, BootErrorIds.KernelUnavailable, "kernel");
        byte[] initrd = options.InitrdPath is { Length: > 0 } initrdPath ? Read(initrdPath, BootErrorIds.InitrdUnavailable, "initial RAM disk") : [];
        if (LinuxBootImage.IsLinux(kernel))
        {
            return new LinuxBootImage(path, kernel, initrd, options.CommandLine, options.UnpackKernel);
        }

        if (MultibootImage.Find(kernel) is { } header)
        {
            return new MultibootImage(path, kernel, header, initrd, options.CommandLine);
        }

        return ElfFile.IsElf(kernel)
            ? new ElfBootImage(path, ElfFile.Parse(path, kernel), initrd, options.CommandLine)
            : throw new EngineException(
                BootErrorIds.KernelNotRecognized, EngineErrorCategory.InvalidArgument, $"'{path}' is not a kernel.", path,
                "Name a Linux kernel (bzImage or vmlinux), an ELF kernel with a PVH note, or a Multiboot kernel.");
    }

    private static byte[] Read(string path, string errorId, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (FileProblem.Is(error))
        {
            EngineErrorCategory category = error is FileNotFoundException or DirectoryNotFoundException ? EngineErrorCategory.ObjectNotFound : EngineErrorCategory.OpenError;
            throw new EngineException(errorId, category, $"The {what} '{path}' cannot be read: {FileProblem.Describe(path, error)}.", path, "Check the path and the permissions.", inner: error);
        }
    }
}
