namespace EmuPS.Cpu.Interpreter;

/// <summary>Properties of a decoded instruction.</summary>
internal static class OpFlags
{
    /// <summary>The memory operand's address is base + index * scale + displacement, 64 bits, no segment base: use <see cref="Address.Flat"/>.</summary>
    public const byte FlatAddress = 1;

    /// <summary>Address size 32: the offset is cut to 32 bits.</summary>
    public const byte Address32 = 2;

    /// <summary>Address size 16: the offset is cut to 16 bits.</summary>
    public const byte Address16 = 4;

    /// <summary>A lock prefix (or XCHG with memory).</summary>
    public const byte Locked = 8;

    /// <summary>A REP or REPE prefix.</summary>
    public const byte Rep = 16;

    /// <summary>A REPNE prefix.</summary>
    public const byte Repne = 32;

    /// <summary>The last op of its block.</summary>
    public const byte EndsBlock = 64;

    /// <summary>The segment base does not count (64-bit mode, not FS or GS).</summary>
    public const byte NoSegment = 128;
}
