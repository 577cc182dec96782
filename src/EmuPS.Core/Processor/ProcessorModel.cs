namespace EmuPS.Core.Processor;

/// <summary>What the machine has to know of the processor model.</summary>
public static class ProcessorModel
{
    /// <summary>Bits of a physical address, as CPUID leaf 0x80000008 announces: 64 TiB.</summary>
    public const int PhysicalAddressBits = 46;
}
