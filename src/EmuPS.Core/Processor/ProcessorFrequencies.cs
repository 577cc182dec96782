namespace EmuPS.Core.Processor;

/// <summary>The frequencies that a processor announces and its timers must keep.</summary>
public static class ProcessorFrequencies
{
    /// <summary>The core crystal clock of CPUID leaf 0x15, in Hz. The local APIC timer counts exactly this before its divider, because guests take its frequency from that leaf.</summary>
    public const ulong CrystalHz = 25_000_000;

    /// <summary>The bus clock of CPUID leaf 0x16 and of the ratio in MSR_PLATFORM_INFO, in Hz.</summary>
    public const ulong BusHz = 100_000_000;
}
