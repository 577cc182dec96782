namespace EmuPS.Devices.Interrupts;

/// <summary>How an interrupt message is to be taken, encoded as in the local APIC's and the IOAPIC's registers.</summary>
public enum DeliveryMode
{
    /// <summary>To every addressed processor, with the message's vector.</summary>
    Fixed = 0,

    /// <summary>To the addressed processor that runs at the lowest priority.</summary>
    LowestPriority = 1,

    /// <summary>System management interrupt.</summary>
    Smi = 2,

    /// <summary>Non-maskable interrupt.</summary>
    Nmi = 4,

    /// <summary>INIT.</summary>
    Init = 5,

    /// <summary>Start-up: the vector is the page where the processor begins.</summary>
    StartUp = 6,

    /// <summary>The 8259 pair supplies the vector.</summary>
    ExternalInterrupt = 7,
}
