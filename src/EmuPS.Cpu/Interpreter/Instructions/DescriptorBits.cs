namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The fields of an 8-byte segment, system or gate descriptor (SDM vol. 3, 3.4.5, 3.5 and 6.8.3).</summary>
internal static class DescriptorBits
{
    /// <summary>System descriptor types.</summary>
    public const int Tss16 = 1;
    public const int Ldt = 2;
    public const int Tss16Busy = 3;
    public const int CallGate16 = 4;
    public const int TaskGate = 5;
    public const int Tss32 = 9;
    public const int Tss32Busy = 11;
    public const int CallGate32 = 12;

    /// <summary>The accessed bit of a code or data segment.</summary>
    public const ulong Accessed = 1UL << 40;

    /// <summary>What makes an available TSS a busy one.</summary>
    public const ulong Busy = 1UL << 41;

    /// <summary>The four type bits.</summary>
    public static int Type(ulong d) => (int)(d >> 40) & 15;

    /// <summary>Descriptor privilege level.</summary>
    public static int Dpl(ulong d) => (int)(d >> 45) & 3;

    /// <summary>Present bit.</summary>
    public static bool IsPresent(ulong d) => (d & (1UL << 47)) != 0;

    /// <summary>Code or data segment, not a system descriptor.</summary>
    public static bool IsSegment(ulong d) => (d & (1UL << 44)) != 0;

    /// <summary>Code segment.</summary>
    public static bool IsCode(ulong d) => IsSegment(d) && (d & (1UL << 43)) != 0;

    /// <summary>Data segment that can be written.</summary>
    public static bool IsWritableData(ulong d) => IsSegment(d) && (d & (1UL << 43)) == 0 && (d & (1UL << 41)) != 0;

    /// <summary>Data segment, or code segment that can be read.</summary>
    public static bool IsReadable(ulong d) => IsSegment(d) && ((d & (1UL << 43)) == 0 || (d & (1UL << 41)) != 0);

    /// <summary>Conforming code segment.</summary>
    public static bool IsConforming(ulong d) => IsCode(d) && (d & (1UL << 42)) != 0;

    /// <summary>64-bit code segment (L).</summary>
    public static bool IsLong(ulong d) => (d & (1UL << 53)) != 0;

    /// <summary>D/B bit.</summary>
    public static bool IsBig(ulong d) => (d & (1UL << 54)) != 0;

    /// <summary>Segment base.</summary>
    public static ulong Base(ulong d) => ((d >> 16) & 0xFF_FFFF) | ((d >> 32) & 0xFF00_0000);

    /// <summary>Last valid offset in bytes.</summary>
    public static uint Limit(ulong d)
    {
        uint limit = (uint)(d & 0xFFFF) | ((uint)(d >> 32) & 0xF_0000);
        return (d & (1UL << 55)) != 0 ? (limit << 12) | 0xFFF : limit;
    }

    /// <summary>Attributes as <see cref="State.Segment.Attributes"/> keeps them.</summary>
    public static ushort Attributes(ulong d) => (ushort)((d >> 40) & 0xF0FF);

    /// <summary>Code selector of a gate.</summary>
    public static ushort GateSelector(ulong d) => (ushort)(d >> 16);

    /// <summary>Entry point of a gate, without the upper half that a 16-byte gate adds.</summary>
    public static uint GateOffset(ulong d) => (uint)(d & 0xFFFF) | ((uint)(d >> 32) & 0xFFFF_0000);
}
