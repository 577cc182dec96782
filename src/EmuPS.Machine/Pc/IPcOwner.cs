namespace EmuPS.Machine.Pc;

/// <summary>What the hardware tells the machine that owns it. Called under the device lock, usually on the vCPU's thread inside an access.</summary>
internal interface IPcOwner
{
    /// <summary>The guest asked for a reset.</summary>
    void OnGuestReset();

    /// <summary>The guest entered a sleep state.</summary>
    /// <param name="type">The sleep type; 0 is soft off.</param>
    void OnSleep(int type);

    /// <summary>The guest panicked.</summary>
    /// <param name="events">What it says of that, in the bits of <see cref="EmuPS.Devices.Panic.PvPanic"/>.</param>
    void OnPanic(byte events);

    /// <summary>The guest wrote to the debug exit.</summary>
    /// <param name="value">What it wrote.</param>
    void OnDebugExit(uint value);

    /// <summary>Firmware changed, or a reset did, which areas below 1 MiB are RAM.</summary>
    void OnShadowChanged();
}
