namespace EmuPS.Devices.Interrupts;

/// <summary>The interrupt controller behind a local APIC's ExtINT input: the 8259 pair.</summary>
public interface IExternalInterruptSource
{
    /// <summary>Runs the acknowledge cycle and takes the request into service. Takes the device lock by itself.</summary>
    /// <returns>The vector; a spurious one when the request went away meanwhile.</returns>
    byte Acknowledge();
}
