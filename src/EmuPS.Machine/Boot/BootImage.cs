using System;
using System.IO;
using EmuPS.Cpu;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Boot;

/// <summary>Something that can be put into a machine's memory and started, without firmware or as firmware. It is kept for the machine's life: a reset loads it again.</summary>
internal abstract class BootImage
{
    /// <summary>Puts the image into memory.</summary>
    /// <param name="target">The machine.</param>
    /// <returns>How the processor starts; null for its reset vector.</returns>
    /// <exception cref="EngineException">It does not fit; see <see cref="BootErrorIds"/>.</exception>
    public abstract ProcessorEntry? Load(BootTarget target);

    /// <summary>Reads and recognises what is to be booted.</summary>
    /// <param name="options">What to boot.</param>
    /// <exception cref="EngineException">There is nothing, it cannot be read, or it is no kernel; see <see cref="BootErrorIds"/>.</exception>
    public static BootImage Open(BootOptions options)
    {
        if (options.IsSimulated)
        {
            return new SimulatedBootImage();
        }

        if (options.FirmwarePath is { } firmware)
        {
            return new FirmwareBootImage(FirmwareBootImage.Read(firmware), FirmwareKernel.Read(options));
        }

        if (options.KernelPath is not { Length: > 0 } path)
        {
            throw new EngineException(
                BootErrorIds.NothingToBoot, EngineErrorCategory.InvalidArgument, "The machine has nothing to boot.", null,
                "Name a kernel, a guest image or firmware, or use the simulated guest.");
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

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="errorId">The id of the error when that fails.</param>
    /// <param name="what">What the file is, for the message.</param>
    /// <param name="limit">Do not read more than so many bytes.</param>
    protected internal static byte[] Read(string path, string errorId, string what, int limit = int.MaxValue)
    {
        try
        {
            if (limit == int.MaxValue)
            {
                return File.ReadAllBytes(path);
            }

            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[limit];
            return bytes[..file.ReadAtLeast(bytes, limit, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (FileProblem.Is(error))
        {
            EngineErrorCategory category = error is FileNotFoundException or DirectoryNotFoundException ? EngineErrorCategory.ObjectNotFound : EngineErrorCategory.OpenError;
            throw new EngineException(errorId, category, $"The {what} '{path}' cannot be read: {FileProblem.Describe(path, error)}.", path, "Check the path and the permissions.", inner: error);
        }
    }
}
