using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Boot;

/// <summary>The machine as a loader sees it, and the low memory that loaders share.</summary>
/// <remarks>
/// What a loader leaves below 640 KiB: 0x500 descriptors, 0x6000 PVH start information, 0x7000 Linux boot parameters, a stack below 0x9000,
/// 0x9000 page tables (six pages), 0x10000 Multiboot information, 0x20000 command line.
/// </remarks>
internal sealed class BootTarget
{
    public const uint Descriptors = 0x500;
    public const ushort DescriptorsLimit = (4 * 8) - 1;
    public const uint StartInformation = 0x6000;
    public const uint BootParameters = 0x7000;
    public const uint StackTop = 0x8FF0;
    public const uint PageTables = 0x9000;
    public const uint MultibootInformation = 0x1_0000;
    public const uint CommandLine = 0x2_0000;
    public const int CommandLineRoom = 0x1_0000;

    private const ulong CodeSegment64 = 0x00AF_9B00_0000_FFFF;
    private const ulong CodeSegment32 = 0x00CF_9B00_0000_FFFF;
    private const ulong DataSegment = 0x00CF_9300_0000_FFFF;
    private const ulong PresentWritable = 3;
    private const ulong LargePage = 0x80;
    private const int GibibytesMapped = 4;

    private readonly IGuestMemory _memory;

    /// <summary>Describes the machine.</summary>
    /// <param name="memory">Its memory.</param>
    /// <param name="layout">Where memory lies.</param>
    /// <param name="rootPointer">Address of the ACPI root pointer.</param>
    /// <param name="memorySlots">Number of DIMM slots.</param>
    public BootTarget(IGuestMemory memory, MemoryLayout layout, uint rootPointer, int memorySlots)
    {
        _memory = memory;
        Layout = layout;
        RootPointer = rootPointer;
        MemorySlots = memorySlots;
        MemoryMap = E820Map.Build(layout);
    }

    /// <summary>Where memory lies.</summary>
    public MemoryLayout Layout { get; }

    /// <summary>Address of the ACPI root pointer.</summary>
    public uint RootPointer { get; }

    /// <summary>Number of DIMM slots.</summary>
    public int MemorySlots { get; }

    /// <summary>The memory map.</summary>
    public IReadOnlyList<E820Entry> MemoryMap { get; }

    /// <summary>Writes bytes.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="EngineException"><see cref="BootErrorIds.KernelTooLarge"/>: a part is not RAM.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!_memory.TryWrite(address, bytes))
        {
            throw DoesNotFit(address, (ulong)bytes.Length);
        }
    }

    /// <summary>Writes zeros.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="length">Number of bytes.</param>
    /// <exception cref="EngineException"><see cref="BootErrorIds.KernelTooLarge"/>: a part is not RAM.</exception>
    public void Clear(ulong address, ulong length)
    {
        ReadOnlySpan<byte> zeros = new byte[0x1_0000];
        while (length > 0)
        {
            int count = (int)Math.Min(length, (ulong)zeros.Length);
            Write(address, zeros[..count]);
            address += (ulong)count;
            length -= (ulong)count;
        }
    }

    /// <summary>Reads bytes; false when a part is not RAM.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="bytes">Where they go.</param>
    public bool TryRead(ulong address, Span<byte> bytes) => _memory.TryRead(address, bytes);

    /// <summary>Writes the command line with its end.</summary>
    /// <param name="text">The command line.</param>
    /// <param name="maximum">The longest that the kernel takes, without the end.</param>
    /// <exception cref="EngineException"><see cref="BootErrorIds.CommandLineTooLong"/></exception>
    public void WriteCommandLine(string text, int maximum = CommandLineRoom - 1)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text + "\0");
        maximum = Math.Min(maximum, CommandLineRoom - 1);
        if (bytes.Length - 1 > maximum)
        {
            throw new EngineException(
                BootErrorIds.CommandLineTooLong, EngineErrorCategory.LimitsExceeded,
                $"The kernel command line has {bytes.Length - 1} bytes; the kernel takes at most {maximum}.", text, "Shorten the command line.");
        }

        Write(CommandLine, bytes);
    }

    /// <summary>Writes the flat segments: code at 0x10, data at 0x18.</summary>
    /// <param name="long64">True for 64-bit code.</param>
    public void WriteDescriptors(bool long64)
    {
        Span<byte> table = stackalloc byte[DescriptorsLimit + 1];
        table.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(table[0x10..], long64 ? CodeSegment64 : CodeSegment32);
        BinaryPrimitives.WriteUInt64LittleEndian(table[0x18..], DataSegment);
        Write(Descriptors, table);
    }

    /// <summary>Writes page tables that map the first 4 GiB one to one with 2 MiB pages.</summary>
    public void WriteIdentityPageTables()
    {
        const uint PageSize = 0x1000;
        byte[] tables = new byte[(2 + GibibytesMapped) * PageSize];
        BinaryPrimitives.WriteUInt64LittleEndian(tables, PageTables + PageSize + PresentWritable);
        for (uint gibibyte = 0; gibibyte < GibibytesMapped; gibibyte++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(tables.AsSpan((int)(PageSize + (8 * gibibyte))), PageTables + ((2 + gibibyte) * PageSize) + PresentWritable);
        }

        for (int page = 0; page < GibibytesMapped * 512; page++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(tables.AsSpan((int)(2 * PageSize) + (8 * page)), ((ulong)page << 21) | LargePage | PresentWritable);
        }

        Write(PageTables, tables);
    }

    /// <summary>Places the initial RAM disk as high as it may lie, on a page.</summary>
    /// <param name="initrd">Its bytes.</param>
    /// <param name="lowest">The first address that it may take.</param>
    /// <param name="limit">The first address past the last that it may take.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="EngineException"><see cref="BootErrorIds.InitrdTooLarge"/></exception>
    public ulong PlaceInitrd(ReadOnlySpan<byte> initrd, ulong lowest, ulong limit)
    {
        ulong top = ulong.Min(limit, Layout.LowBytes);
        ulong size = (ulong)initrd.Length;
        ulong address = top >= size ? (top - size) & ~0xFFFUL : 0;
        if (address < lowest)
        {
            throw new EngineException(
                BootErrorIds.InitrdTooLarge, EngineErrorCategory.LimitsExceeded,
                $"The initial RAM disk of {size} bytes does not fit: the kernel takes memory up to 0x{lowest:x}, and the RAM disk has to end below 0x{top:x}.",
                null, "Give the machine more memory, or use a smaller initial RAM disk.");
        }

        Write(address, initrd);
        return address;
    }

    /// <summary>The error for a kernel that needs memory that is not there.</summary>
    /// <param name="address">Where the part goes.</param>
    /// <param name="length">Its length in bytes.</param>
    public EngineException DoesNotFit(ulong address, ulong length) => new(
        BootErrorIds.KernelTooLarge, EngineErrorCategory.LimitsExceeded,
        $"The kernel needs 0x{length:x} bytes of memory at 0x{address:x}; the machine has {Layout.LowBytes >> 20} MiB of low memory.",
        null, "Give the machine more memory.");
}
