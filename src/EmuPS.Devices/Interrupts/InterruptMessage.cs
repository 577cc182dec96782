namespace EmuPS.Devices.Interrupts;

/// <summary>An interrupt on its way to local APICs.</summary>
/// <param name="Destination">An APIC id, or a set of logical ids.</param>
/// <param name="Logical">True when the destination is logical.</param>
/// <param name="DeliveryMode">How it is to be taken.</param>
/// <param name="Vector">The vector.</param>
/// <param name="LevelTriggered">True when the source waits for an end-of-interrupt broadcast.</param>
public readonly record struct InterruptMessage(uint Destination, bool Logical, DeliveryMode DeliveryMode, byte Vector, bool LevelTriggered);
