using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace EmuPS.Machine.Boot;

/// <summary>An x86 ELF file: where it goes in physical memory and where it starts (System V ABI, chapter 4 and 5).</summary>
internal sealed class ElfFile
{
    private const ushort Machine386 = 3;
    private const ushort MachineX64 = 62;
    private const uint TypeLoad = 1;
    private const uint TypeNote = 4;
    private const uint NotePvhEntry = 18;
    private const int HeaderLength = 52;

    private ElfFile(bool is64, ulong entry, ulong? pvhEntry, IReadOnlyList<ElfSegment> segments)
    {
        Is64 = is64;
        Entry = entry;
        PvhEntry = pvhEntry;
        Segments = segments;
    }

    /// <summary>True for a 64-bit file.</summary>
    public bool Is64 { get; }

    /// <summary>The entry point of the header.</summary>
    public ulong Entry { get; }

    /// <summary>The 32-bit entry point of the PVH note; null without one.</summary>
    public ulong? PvhEntry { get; }

    /// <summary>What belongs into memory.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>The first address past all segments.</summary>
    public ulong End
    {
        get
        {
            ulong end = 0;
            foreach (ElfSegment segment in Segments)
            {
                end = ulong.Max(end, segment.Address + segment.Length);
            }

            return end;
        }
    }

    /// <summary>Says whether a file is an ELF file.</summary>
    /// <param name="file">The file.</param>
    public static bool IsElf(ReadOnlySpan<byte> file) => file.Length >= HeaderLength && file.StartsWith("\u007fELF"u8);

    /// <summary>Reads the headers.</summary>
    /// <param name="path">Where it came from, for messages.</param>
    /// <param name="file">A file for which <see cref="IsElf"/> holds.</param>
    /// <exception cref="EngineException">It is for another processor, not loadable, or cut off.</exception>
    public static ElfFile Parse(string path, ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        bool is64 = bytes[4] == 2;
        if (bytes[5] != 1 || U16(bytes, 18) is not (Machine386 or MachineX64))
        {
            throw new EngineException(
                BootErrorIds.KernelNotSupported, EngineErrorCategory.InvalidArgument, $"'{path}' is an ELF file for another kind of processor.", path,
                "Use a kernel for x86.");
        }

        try
        {
            return Parse(file, is64);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new EngineException(
                BootErrorIds.KernelDamaged, EngineErrorCategory.InvalidArgument, $"The ELF file '{path}' is cut off or damaged.", path, "Get the file again.", inner: error);
        }
    }

    /// <summary>Puts the segments into memory.</summary>
    /// <param name="target">The machine.</param>
    /// <exception cref="EngineException">They do not fit.</exception>
    public void Load(BootTarget target)
    {
        foreach (ElfSegment segment in Segments)
        {
            target.Write(segment.Address, segment.Content.Span);
            target.Clear(segment.Address + (ulong)segment.Content.Length, segment.Length - (ulong)segment.Content.Length);
        }
    }

    private static ElfFile Parse(ReadOnlyMemory<byte> file, bool is64)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        ulong entry = is64 ? U64(bytes, 24) : U32(bytes, 24);
        int table = checked((int)(is64 ? U64(bytes, 32) : U32(bytes, 28)));
        int entrySize = U16(bytes, is64 ? 54 : 42);
        int count = U16(bytes, is64 ? 56 : 44);
        List<ElfSegment> segments = [];
        ulong? pvh = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = bytes.Slice(table + (i * entrySize), is64 ? 56 : 32);
            ulong offset = is64 ? U64(header, 8) : U32(header, 4);
            ulong address = is64 ? U64(header, 24) : U32(header, 12);
            ulong stored = is64 ? U64(header, 32) : U32(header, 16);
            ulong length = is64 ? U64(header, 40) : U32(header, 20);
            ReadOnlyMemory<byte> content = file.Slice(checked((int)offset), checked((int)stored));
            switch (U32(header, 0))
            {
                case TypeLoad when length > 0:
                    segments.Add(new ElfSegment(address, content, ulong.Max(length, stored)));
                    break;
                case TypeNote:
                    pvh ??= FindPvhEntry(content.Span);
                    break;
            }
        }

        return new ElfFile(is64, entry, pvh, segments);
    }

    private static ulong? FindPvhEntry(ReadOnlySpan<byte> notes)
    {
        while (notes.Length >= 12)
        {
            int nameLength = checked((int)U32(notes, 0));
            int contentLength = checked((int)U32(notes, 4));
            uint type = U32(notes, 8);
            ReadOnlySpan<byte> name = notes.Slice(12, nameLength);
            ReadOnlySpan<byte> content = notes.Slice(12 + Padded(nameLength), contentLength);
            if (type == NotePvhEntry && name.StartsWith("Xen"u8))
            {
                return contentLength >= 8 ? U64(content, 0) : U32(content, 0);
            }

            notes = notes[Math.Min(notes.Length, 12 + Padded(nameLength) + Padded(contentLength))..];
        }

        return null;
    }

    private static int Padded(int length) => checked(length + 3) & ~3;

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
