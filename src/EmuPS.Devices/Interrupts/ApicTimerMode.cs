namespace EmuPS.Devices.Interrupts;

/// <summary>Bits 17 and 18 of the local vector table's timer entry.</summary>
internal enum ApicTimerMode
{
    OneShot = 0,
    Periodic = 1,
    TscDeadline = 2,
}
