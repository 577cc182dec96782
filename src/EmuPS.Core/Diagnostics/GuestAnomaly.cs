namespace EmuPS.Core.Diagnostics;

/// <summary>Things a guest did that the machine does not model and answered as hardware would.</summary>
public enum GuestAnomaly
{
    /// <summary>A read of a port that nothing answers; the detail is the port.</summary>
    UnmappedPortRead,

    /// <summary>A write to a port that nothing answers; the detail is the port.</summary>
    UnmappedPortWrite,

    /// <summary>A read of a physical address that nothing answers; the detail is the page address.</summary>
    UnmappedMemoryRead,

    /// <summary>A write to a physical address that nothing answers; the detail is the page address.</summary>
    UnmappedMemoryWrite,

    /// <summary>RDMSR of an unknown register; the detail is its index.</summary>
    UnknownMsrRead,

    /// <summary>WRMSR of an unknown register; the detail is its index.</summary>
    UnknownMsrWrite,

    /// <summary>CPUID of an unknown leaf; the detail is the leaf.</summary>
    UnknownCpuidLeaf,

    /// <summary>An instruction that the processor model does not offer; the detail is the Iced code value.</summary>
    UnknownInstruction,

    /// <summary>A device register that does not exist or was accessed with a wrong width; the detail is the offset.</summary>
    UnknownDeviceRegister,
}
