namespace EmuPS.Core.Processor;

/// <summary>The frequencies that CPUID leaves 0x15 and 0x16 announce and that the time-stamp counter and the local APIC's timer keep exactly.</summary>
/// <remarks>Linux takes both from leaf 0x15 without measuring (SDM vol. 3, 20.7.3): the counter is the crystal times numerator by denominator.</remarks>
public static class ProcessorFrequencies
{
    /// <summary>The core crystal, in hertz: leaf 0x15, ECX. The local APIC's timer counts it before its divider.</summary>
    public const uint CrystalHz = 25_000_000;

    /// <summary>Leaf 0x15, EAX.</summary>
    public const uint TscDenominator = 1;

    /// <summary>Leaf 0x15, EBX.</summary>
    public const uint TscNumerator = 40;

    /// <summary>The time-stamp counter, in hertz; one tick is one nanosecond of guest time.</summary>
    public const ulong TscHz = (ulong)CrystalHz * TscNumerator / TscDenominator;
}
