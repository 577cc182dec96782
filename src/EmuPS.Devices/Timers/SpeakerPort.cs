using EmuPS.Core.Time;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Timers;

/// <summary>Port 0x61: the gate and output of the PIT's counter 2, the speaker switch and the memory refresh toggle.</summary>
public sealed class SpeakerPort : ByteWideDevice
{
    // Half the period of the classic refresh request.
    private const long RefreshNanoseconds = 15_085;
    private readonly I8254Pit _pit;
    private readonly IGuestClock _clock;
    private byte _control;

    /// <summary>Makes the port.</summary>
    /// <param name="pit">The interval timer.</param>
    /// <param name="clock">The guest's clock, for the refresh toggle.</param>
    public SpeakerPort(I8254Pit pit, IGuestClock clock)
    {
        _pit = pit;
        _clock = clock;
    }

    /// <summary>Puts the port into its state after power-on.</summary>
    public void Reset()
    {
        _control = 0;
        _pit.SpeakerGate = false;
    }

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset)
    {
        int refresh = (int)(_clock.Nanoseconds / RefreshNanoseconds & 1) << 4;
        return (byte)(_control | refresh | (_pit.SpeakerOutput ? 0x20 : 0));
    }

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        _control = (byte)(value & 0x0F);
        _pit.SpeakerGate = (value & 1) != 0;
    }
}
