namespace EmuPS.Cpu.State;

/// <summary>A code, data or system segment descriptor as the tables hold it (SDM vol. 3, 3.4.5).</summary>
/// <param name="Raw">The eight bytes; of a 16-byte descriptor the lower half.</param>
internal readonly record struct Descriptor(ulong Raw)
{
    /// <summary>Linear address of the segment; of a 16-byte descriptor bits 31 to 0.</summary>
    public uint Base => (uint)(((Raw >> 16) & 0xFF_FFFF) | ((Raw >> 32) & 0xFF00_0000));

    /// <summary>Last valid offset, granularity applied.</summary>
    public uint Limit
    {
        get
        {
            uint limit = (uint)((Raw & 0xFFFF) | ((Raw >> 32) & 0xF_0000));
            return (Raw & (1UL << 55)) != 0 ? (limit << 12) | 0xFFF : limit;
        }
    }

    /// <summary>Access rights as <see cref="Segment.Attributes"/> holds them.</summary>
    public ushort Attributes => (ushort)((Raw >> 40) & 0xF0FF);

    /// <summary>Type field, 0 to 15.</summary>
    public int Type => (int)(Raw >> 40) & 15;

    /// <summary>A code or data segment, not a system descriptor.</summary>
    public bool IsCodeOrData => (Raw & (1UL << 44)) != 0;

    /// <summary>A code segment.</summary>
    public bool IsCode => IsCodeOrData && (Type & 8) != 0;

    /// <summary>A conforming code segment.</summary>
    public bool IsConforming => (Type & 4) != 0;

    /// <summary>A data segment that may be written.</summary>
    public bool IsWritableData => IsCodeOrData && (Type & 10) == 2;

    /// <summary>Descriptor privilege level.</summary>
    public int Dpl => (int)(Raw >> 45) & 3;

    /// <summary>Present.</summary>
    public bool IsPresent => (Raw & (1UL << 47)) != 0;

    /// <summary>64-bit code segment.</summary>
    public bool IsLong => (Raw & (1UL << 53)) != 0;

    /// <summary>Default size 32.</summary>
    public bool IsBig => (Raw & (1UL << 54)) != 0;

    /// <summary>Fills a segment register.</summary>
    /// <param name="selector">The selector.</param>
    public Segment ToSegment(ushort selector) => new() { Base = Base, Limit = Limit, Selector = selector, Attributes = Attributes };
}
