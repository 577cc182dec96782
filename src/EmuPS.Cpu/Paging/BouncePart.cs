using System;
using EmuPS.Core.Memory;

namespace EmuPS.Cpu.Paging;

/// <summary>A part of an access that lies on one page and has no plain host pointer: one side of a page boundary, a device, a hole, read-only memory.</summary>
internal readonly unsafe struct BouncePart
{
    private readonly byte* _host;
    private readonly byte* _flags;
    private readonly ulong _physical;
    private readonly bool _readOnly;

    private BouncePart(PageEntry* page, uint offset, int size)
    {
        _host = page->Host == null ? null : page->Host + offset;
        _flags = page->Flags;
        _physical = page->Physical + offset;
        _readOnly = page->ReadOnly != 0;
        Size = size;
    }

    /// <summary>Number of bytes.</summary>
    public int Size { get; }

    /// <summary>Makes a part.</summary>
    /// <param name="page">Its page.</param>
    /// <param name="address">Address of its first byte; the low 12 bits count.</param>
    /// <param name="size">Number of bytes.</param>
    public static BouncePart Of(PageEntry* page, ulong address, int size) => new(page, (uint)address & 0xFFF, size);

    /// <summary>Reads the part.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="destination">Where the bytes go.</param>
    public void Read(VirtualProcessor cpu, byte* destination)
    {
        if (Size == 0)
        {
            return;
        }

        if (_host != null)
        {
            Buffer.MemoryCopy(_host, destination, Size, Size);
        }
        else
        {
            PhysicalAccess.ReadDevice(cpu, _physical, destination, Size);
        }
    }

    /// <summary>Writes the part.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="source">Where the bytes are.</param>
    public void Write(VirtualProcessor cpu, byte* source)
    {
        if (Size == 0)
        {
            return;
        }

        if (_host == null)
        {
            PhysicalAccess.WriteDevice(cpu, _physical, source, Size);
        }
        else if (!_readOnly)
        {
            SlowMemory.MarkDirty(_flags);
            if (cpu.IsJournaling)
            {
                cpu.Journal!.Record(_host, Size);
            }

            cpu.MarkWriting(_host);
            if ((*_flags & RamRegion.PageHasCode) != 0)
            {
                cpu.WriteCode(_host, _physical, Size);
            }

            Buffer.MemoryCopy(source, _host, Size, Size);
        }
    }
}
