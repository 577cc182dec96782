using System;
using System.Buffers.Binary;
using EmuPS.Core.Addresses;
using EmuPS.Cpu;

namespace EmuPS.Machine.Boot;

/// <summary>A Multiboot kernel: processor test suites and hobby systems. It starts in 32-bit protected mode with EAX and EBX set.</summary>
internal sealed class MultibootImage : BootImage
{
    private const uint Magic = 0x1BAD_B002;
    private const uint BootMagic = 0x2BAD_B002;
    private const int SearchedLength = 8192;
    private const uint HasMemory = 1 << 0;
    private const uint HasCommandLine = 1 << 2;
    private const uint HasModules = 1 << 3;
    private const uint HasMemoryMap = 1 << 6;
    private const uint HasLoaderName = 1 << 9;
    private const int InformationLength = 128;
    private const int ModuleOffset = InformationLength;
    private const int NameOffset = ModuleOffset + 16;
    private const int MapOffset = NameOffset + 16;
    private const int MapEntryLength = 24;

    private readonly string _path;
    private readonly byte[] _file;
    private readonly MultibootHeader _header;
    private readonly ElfFile? _elf;
    private readonly byte[] _module;
    private readonly string _commandLine;

    /// <summary>Takes a kernel.</summary>
    /// <param name="path">Where it came from.</param>
    /// <param name="file">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="module">The module to load with it; empty for none.</param>
    /// <param name="commandLine">The command line.</param>
    /// <exception cref="EngineException">It asks for something that this loader does not give, or says not where it goes.</exception>
    public MultibootImage(string path, byte[] file, MultibootHeader header, byte[] module, string commandLine)
    {
        _path = path;
        _file = file;
        _header = header;
        _module = module;

        // The kernel's own name is the first word of its command line.
        _commandLine = commandLine.Length > 0 ? path + " " + commandLine : path;
        if (!header.HasAddresses)
        {
            _elf = ElfFile.IsElf(file) ? ElfFile.Parse(path, file) : null;
        }

        if (header.AsksForUnknown || (!header.HasAddresses && _elf is null))
        {
            throw new EngineException(
                BootErrorIds.KernelNotSupported, EngineErrorCategory.InvalidArgument,
                $"The Multiboot kernel '{path}' asks for what this loader does not have (flags 0x{header.Flags:x}).", path,
                "Use an ELF kernel, or one whose header holds its addresses.");
        }
    }

    /// <summary>Looks for the header, which lies in the first 8 KiB.</summary>
    /// <param name="file">The file.</param>
    public static MultibootHeader? Find(ReadOnlySpan<byte> file)
    {
        for (int offset = 0; offset + 12 <= Math.Min(file.Length, SearchedLength); offset += 4)
        {
            uint flags = U32(file, offset + 4);
            if (U32(file, offset) == Magic && Magic + flags + U32(file, offset + 8) == 0)
            {
                return new MultibootHeader(offset, flags);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override ProcessorEntry Load(BootTarget target)
    {
        (ulong entry, ulong end) = _elf is null ? LoadByAddresses(target) : LoadElf(target, _elf);
        target.WriteCommandLine(_commandLine);
        WriteInformation(target, ByteSize.AlignUp(end, ByteSize.Page));
        target.WriteDescriptors(long64: false);
        return new ProcessorEntry(EntryMode.Protected32, entry)
        {
            Rax = BootMagic,
            Rbx = BootTarget.MultibootInformation,
            Rsp = BootTarget.StackTop,
            GdtBase = BootTarget.Descriptors,
            GdtLimit = BootTarget.DescriptorsLimit,
        };
    }

    private static (ulong Entry, ulong End) LoadElf(BootTarget target, ElfFile elf)
    {
        elf.Load(target);
        return (elf.Entry, elf.End);
    }

    private (ulong Entry, ulong End) LoadByAddresses(BootTarget target)
    {
        ReadOnlySpan<byte> header = _file.AsSpan(_header.Offset);
        if (header.Length < 32)
        {
            throw Damaged();
        }

        uint headerAddress = U32(header, 12);
        uint loadAddress = U32(header, 16);
        uint loadEnd = U32(header, 20);
        uint clearEnd = U32(header, 24);
        long start = _header.Offset - ((long)headerAddress - loadAddress);
        if (start < 0 || start > _file.Length || (loadEnd != 0 && (loadEnd < loadAddress || loadEnd - loadAddress > _file.Length - start)))
        {
            throw Damaged();
        }

        int length = loadEnd == 0 ? (int)(_file.Length - start) : (int)(loadEnd - loadAddress);
        target.Write(loadAddress, _file.AsSpan((int)start, length));
        ulong end = loadAddress + (ulong)length;
        if (clearEnd > end)
        {
            target.Clear(end, clearEnd - end);
            end = clearEnd;
        }

        return (U32(header, 28), end);
    }

    private void WriteInformation(BootTarget target, ulong moduleAddress)
    {
        byte[] bytes = new byte[MapOffset + (MapEntryLength * target.MemoryMap.Count)];
        uint flags = HasMemory | HasCommandLine | HasModules | HasMemoryMap | HasLoaderName;
        Put32(bytes, 0, flags);
        Put32(bytes, 4, (uint)(E820Map.ExtendedBiosData >> 10));
        Put32(bytes, 8, (uint)((target.Layout.LowBytes >> 10) - 1024));
        Put32(bytes, 16, BootTarget.CommandLine);
        Put32(bytes, 24, BootTarget.MultibootInformation + ModuleOffset);
        if (_module.Length > 0)
        {
            target.Write(moduleAddress, _module);
            Put32(bytes, 20, 1);
            Put32(bytes, ModuleOffset, (uint)moduleAddress);
            Put32(bytes, ModuleOffset + 4, (uint)moduleAddress + (uint)_module.Length);
            Put32(bytes, ModuleOffset + 8, BootTarget.CommandLine);
        }

        Put32(bytes, 44, (uint)(bytes.Length - MapOffset));
        Put32(bytes, 48, BootTarget.MultibootInformation + MapOffset);
        Put32(bytes, 64, BootTarget.MultibootInformation + NameOffset);
        "EmuPS"u8.CopyTo(bytes.AsSpan(NameOffset));
        for (int i = 0; i < target.MemoryMap.Count; i++)
        {
            E820Entry entry = target.MemoryMap[i];
            int at = MapOffset + (i * MapEntryLength);
            Put32(bytes, at, MapEntryLength - 4);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 4), entry.Start);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 12), entry.Size);
            Put32(bytes, at + 20, (uint)entry.Type);
        }

        target.Write(BootTarget.MultibootInformation, bytes);
    }

    private EngineException Damaged() => new(
        BootErrorIds.KernelDamaged, EngineErrorCategory.InvalidArgument, $"The Multiboot header of '{_path}' contradicts the file.", _path, "Get the file again.");

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static void Put32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
