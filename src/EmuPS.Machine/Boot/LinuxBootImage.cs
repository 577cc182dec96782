using System;
using System.Buffers.Binary;
using EmuPS.Core.Addresses;
using EmuPS.Cpu;
using EmuPS.Machine.Guests;

namespace EmuPS.Machine.Boot;

/// <summary>A Linux kernel as distributions ship it (bzImage), started by its 64-bit boot protocol (Linux documentation, x86/boot).</summary>
internal sealed class LinuxBootImage : BootImage
{
    private const int SetupSectors = 0x1F1;
    private const int HeaderMagic = 0x202;
    private const int Version = 0x206;
    private const int LoadFlags = 0x211;
    private const int InitrdAddressMaximum = 0x22C;
    private const int KernelAlignment = 0x230;
    private const int Relocatable = 0x234;
    private const int ExtendedLoadFlags = 0x236;
    private const int CommandLineSize = 0x238;
    private const int PayloadOffset = 0x248;
    private const int PayloadLength = 0x24C;
    private const int PreferredAddress = 0x258;
    private const int InitSize = 0x260;
    private const int HeaderEnd = 0x268;
    private const int SectorSize = 512;
    private const byte LoadedHigh = 1;
    private const ushort Has64BitEntry = 1;
    private const ushort FirstVersionWith64BitEntry = 0x020C;
    private const ulong Entry64Offset = 0x200;

    private readonly string _path;
    private readonly byte[] _file;
    private readonly byte[] _initrd;
    private readonly string _commandLine;
    private readonly bool _unpack;

    /// <summary>Takes a kernel.</summary>
    /// <param name="path">Where it came from, for messages.</param>
    /// <param name="file">The file, for which <see cref="IsLinux"/> holds.</param>
    /// <param name="initrd">The initial RAM disk; empty for none.</param>
    /// <param name="commandLine">The command line.</param>
    /// <param name="unpack">True to unpack the kernel on the host where its packing is known; it then stays at the addresses that it was linked for.</param>
    /// <exception cref="EngineException">It has no 64-bit entry, or it is cut off.</exception>
    public LinuxBootImage(string path, byte[] file, byte[] initrd, string commandLine, bool unpack)
    {
        _unpack = unpack;
        _path = path;
        _file = file;
        _initrd = initrd;
        _commandLine = commandLine;
        if (U16(Version) < FirstVersionWith64BitEntry || (U16(ExtendedLoadFlags) & Has64BitEntry) == 0 || (file[LoadFlags] & LoadedHigh) == 0)
        {
            throw new EngineException(
                BootErrorIds.KernelNotSupported, EngineErrorCategory.InvalidArgument,
                $"The kernel '{path}' has no 64-bit entry (boot protocol {U16(Version) >> 8}.{U16(Version) & 0xFF:D2}).", path,
                "Use a 64-bit x86 kernel, version 3.8 or later.");
        }

        if (SetupLength >= file.Length)
        {
            throw new EngineException(
                BootErrorIds.KernelDamaged, EngineErrorCategory.InvalidArgument, $"The kernel '{path}' is cut off.", path, "Get the file again.");
        }
    }

    private int SetupLength => ((_file[SetupSectors] == 0 ? 4 : _file[SetupSectors]) + 1) * SectorSize;

    /// <summary>Says whether a file is a Linux kernel.</summary>
    /// <param name="file">The file.</param>
    public static bool IsLinux(ReadOnlySpan<byte> file) => file.Length >= HeaderEnd && file[HeaderMagic..].StartsWith("HdrS"u8);

    /// <inheritdoc/>
    public override ProcessorEntry Load(BootTarget target)
    {
        ReadOnlySpan<byte> kernel = _file.AsSpan(SetupLength);
        ulong room = ulong.Max(U32(InitSize), (ulong)kernel.Length);
        ulong address = LoadAddress(target, room);
        ulong entry = address + Entry64Offset;
        if (Unpack(address, room) is { } unpacked)
        {
            unpacked.Load(target);
            entry = unpacked.Entry;
        }
        else
        {
            target.Write(address, kernel);
        }

        target.WriteCommandLine(_commandLine, (int)Math.Min(U32(CommandLineSize), int.MaxValue));
        LinuxBootParameters parameters = new(target, _file.AsSpan(0, HeaderEnd)) { KernelAddress = (uint)address };
        if (_initrd.Length > 0)
        {
            parameters.SetInitrd(target.PlaceInitrd(_initrd, address + room, (ulong)U32(InitrdAddressMaximum) + 1), (uint)_initrd.Length);
        }

        parameters.Write();
        return LinuxEntry(target, entry);
    }

    /// <summary>The unpacked kernel, if it can be had and belongs where the packed one says.</summary>
    private ElfFile? Unpack(ulong address, ulong room)
    {
        long start = (long)SetupLength + U32(PayloadOffset);
        long end = start + U32(PayloadLength);
        if (!_unpack || U32(PayloadLength) == 0 || end > _file.Length)
        {
            return null;
        }

        ReadOnlyMemory<byte> payload = _file.AsMemory((int)start, (int)(end - start));
        UnpackedKernels cache = new(GuestImageStore.DefaultCacheFolder);
        byte[]? bytes = cache.Find(payload.Span);
        if (bytes is null)
        {
            bytes = KernelPayload.TryUnpack(payload.ToArray());
            if (bytes is null)
            {
                return null;
            }

            cache.Keep(payload.Span, bytes);
        }

        ElfFile kernel = ElfFile.Parse(_path, bytes);
        bool belongsHere = kernel.Is64 && kernel.Entry >= address && kernel.Entry < kernel.End && kernel.End <= address + room;
        foreach (ElfSegment segment in kernel.Segments)
        {
            belongsHere &= segment.Address >= address;
        }

        return belongsHere ? kernel : null;
    }

    /// <summary>The state in which a kernel's 64-bit code starts, with what it needs in memory.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="entry">Address of the code.</param>
    public static ProcessorEntry LinuxEntry(BootTarget target, ulong entry)
    {
        target.WriteDescriptors(long64: true);
        target.WriteIdentityPageTables();
        return new ProcessorEntry(EntryMode.Long64, entry)
        {
            Rsp = BootTarget.StackTop,
            Rsi = BootTarget.BootParameters,
            Cr3 = BootTarget.PageTables,
            GdtBase = BootTarget.Descriptors,
            GdtLimit = BootTarget.DescriptorsLimit,
        };
    }

    private ulong LoadAddress(BootTarget target, ulong room)
    {
        ulong preferred = BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(PreferredAddress));
        if (preferred + room <= target.Layout.LowBytes)
        {
            return preferred;
        }

        ulong lowest = ByteSize.AlignUp(ByteSize.MiB, U32(KernelAlignment));
        return _file[Relocatable] != 0 && lowest + room <= target.Layout.LowBytes ? lowest : throw target.DoesNotFit(preferred, room);
    }

    private ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(offset));

    /// <inheritdoc/>
    public override string ToString() => _path;
}
