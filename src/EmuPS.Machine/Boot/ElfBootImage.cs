using EmuPS.Cpu;

namespace EmuPS.Machine.Boot;

/// <summary>An ELF kernel: by its PVH entry where it has one, else as Linux's own <c>vmlinux</c> by its 64-bit entry.</summary>
internal sealed class ElfBootImage : BootImage
{
    private readonly string _path;
    private readonly ElfFile _kernel;
    private readonly byte[] _initrd;
    private readonly string _commandLine;

    /// <summary>Takes a kernel.</summary>
    /// <param name="path">Where it came from, for messages.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="initrd">The initial RAM disk; empty for none.</param>
    /// <param name="commandLine">The command line.</param>
    /// <exception cref="EngineException">It has no entry that this machine knows.</exception>
    public ElfBootImage(string path, ElfFile kernel, byte[] initrd, string commandLine)
    {
        _path = path;
        _kernel = kernel;
        _initrd = initrd;
        _commandLine = commandLine;
        if (kernel.Segments.Count == 0 || (kernel.PvhEntry is null && !kernel.Is64))
        {
            throw new EngineException(
                BootErrorIds.KernelNotSupported, EngineErrorCategory.InvalidArgument, $"The ELF file '{path}' has neither a PVH note nor a 64-bit entry.", path,
                "Use a kernel with a PVH note, a 64-bit vmlinux, or a Multiboot kernel.");
        }
    }

    /// <inheritdoc/>
    public override ProcessorEntry Load(BootTarget target)
    {
        _kernel.Load(target);
        target.WriteCommandLine(_commandLine);
        ulong initrd = _initrd.Length > 0 ? target.PlaceInitrd(_initrd, _kernel.End, target.Layout.LowBytes) : 0;
        if (_kernel.PvhEntry is { } pvh)
        {
            PvhStartInformation.Write(target, initrd, (ulong)_initrd.Length);
            target.WriteDescriptors(long64: false);
            return new ProcessorEntry(EntryMode.Protected32, pvh)
            {
                Rsp = BootTarget.StackTop,
                Rbx = BootTarget.StartInformation,
                GdtBase = BootTarget.Descriptors,
                GdtLimit = BootTarget.DescriptorsLimit,
            };
        }

        LinuxBootParameters parameters = new(target, []);
        if (_initrd.Length > 0)
        {
            parameters.SetInitrd(initrd, (uint)_initrd.Length);
        }

        parameters.Write();
        return LinuxBootImage.LinuxEntry(target, _kernel.Entry);
    }

    /// <inheritdoc/>
    public override string ToString() => _path;
}
