namespace EmuPS.Core.Processor;

/// <summary>What a processor asks of its local interrupt controller (SDM vol. 3, chapter 13). Called on the vCPU's own thread only.</summary>
/// <remarks>It belongs to its vCPU and stays outside the machine's device lock; other threads reach it only through its own thread-safe delivery methods.</remarks>
public interface ILocalInterruptController
{
    /// <summary>True when an interrupt of sufficient priority waits, from the local APIC or, through it, the 8259 pair. Cheap: polled before blocks.</summary>
    bool HasInterrupt { get; }

    /// <summary>Takes the highest pending interrupt into service.</summary>
    /// <returns>The vector, 0 to 255, or -1 when none is left.</returns>
    int Acknowledge();

    /// <summary>The task priority class as CR8 shows it, 0 to 15.</summary>
    byte TaskPriorityClass { get; set; }

    /// <summary>The value of the IA32_APIC_BASE register.</summary>
    ulong ApicBase { get; }

    /// <summary>Reads a register through the memory window.</summary>
    /// <param name="offset">0 to 0xFFF.</param>
    /// <param name="size">Access size in bytes.</param>
    ulong ReadWindow(uint offset, int size);

    /// <summary>Writes a register through the memory window.</summary>
    /// <param name="offset">0 to 0xFFF.</param>
    /// <param name="size">Access size in bytes.</param>
    /// <param name="value">The value.</param>
    void WriteWindow(uint offset, int size, ulong value);

    /// <summary>Reads IA32_APIC_BASE (0x1B), IA32_TSC_DEADLINE (0x6E0) or an x2APIC register (0x800 to 0x8FF).</summary>
    /// <param name="index">Register index.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    bool TryReadMsr(uint index, out ulong value);

    /// <summary>Writes one of the registers of <see cref="TryReadMsr"/>.</summary>
    /// <param name="index">Register index.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    bool TryWriteMsr(uint index, ulong value);

    /// <summary>Puts the controller into its state after power-on (also after INIT, which keeps the APIC id and base).</summary>
    /// <param name="init">True for INIT, false for power-on.</param>
    void Reset(bool init);
}
