using System.Runtime.InteropServices;

namespace EmuPS.Cpu.Paging;

/// <summary>A translation as the second-level TLB keeps it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1 << SizeShift)]
internal unsafe struct PageEntry
{
    /// <summary>Logarithm of the size.</summary>
    public const int SizeShift = 6;

    /// <summary>Offset of <see cref="Generation"/>.</summary>
    public const int GenerationOffset = 8;

    /// <summary>Offset of <see cref="Host"/>.</summary>
    public const int HostOffset = 24;

    /// <summary>Offset of <see cref="Flags"/>.</summary>
    public const int FlagsOffset = 32;

    /// <summary>Offset of <see cref="Rights"/>.</summary>
    public const int RightsOffset = 40;

    /// <summary>Offset of <see cref="Ready"/>.</summary>
    public const int ReadyOffset = 48;

    /// <summary>Linear address of the page.</summary>
    [FieldOffset(0)] public ulong Linear;

    /// <summary>Generation in which the entry is valid; see <see cref="TranslationCache"/>.</summary>
    [FieldOffset(GenerationOffset)] public ulong Generation;

    /// <summary>Guest physical address of the page.</summary>
    [FieldOffset(16)] public ulong Physical;

    /// <summary>Host address of the page; null when no RAM lies there.</summary>
    [FieldOffset(HostOffset)] public byte* Host;

    /// <summary>The page's flag byte (<see cref="Core.Memory.RamRegion"/>); null when no RAM lies there.</summary>
    [FieldOffset(FlagsOffset)] public byte* Flags;

    /// <summary>What the page allows.</summary>
    [FieldOffset(RightsOffset)] public PageRights Rights;

    /// <summary>1 when the RAM ignores writes.</summary>
    [FieldOffset(44)] public uint ReadOnly;

    /// <summary>For which accesses a first-level entry may be made without looking at anything but the flag byte: see <see cref="ReadyBit"/>.</summary>
    [FieldOffset(ReadyOffset)] public uint Ready;

    /// <summary>The bit of an access.</summary>
    /// <param name="bank">The TLB bank.</param>
    /// <param name="write">Whether it writes.</param>
    public static uint ReadyBit(int bank, bool write) => 1u << ((bank * 2) + (write ? 1 : 0));
}
