using EmuPS.Devices.Tests.Fakes;
using EmuPS.Devices.Timers;
using Xunit;

namespace EmuPS.Devices.Tests.Timers;

public sealed class I8254PitTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLine _line = new();
    private readonly I8254Pit _pit;
    private readonly SpeakerPort _speaker;

    public I8254PitTests()
    {
        _pit = new I8254Pit(_time, _line);
        _speaker = new SpeakerPort(_pit, _time);
    }

    [Theory]
    [InlineData(0x34)]
    [InlineData(0x36)]
    public void Periodic_modes_interrupt_at_the_rate_of_the_count(byte control)
    {
        _pit.Write(3, 1, control);
        Load(0, 11932); // 10 ms
        int before = _line.Edges;
        _time.Advance(1_000_100_000);
        Assert.Equal(100, _line.Edges - before);
    }

    [Theory]
    [InlineData(0x30)]
    [InlineData(0x38)]
    public void One_shot_modes_interrupt_once(byte control)
    {
        _pit.Write(3, 1, control);
        Load(0, 1193);
        int before = _line.Edges;
        _time.Advance(990_000);
        Assert.Equal(before, _line.Edges);
        _time.Advance(100_000_000);
        Assert.Equal(before + 1, _line.Edges);
    }

    [Fact]
    public void A_latched_count_stands_still_while_time_passes()
    {
        _pit.Write(3, 1, 0x34);
        Load(0, 10_000);
        _time.Advance(1_000_000);
        _pit.Write(3, 1, 0x00);
        _time.Advance(1_000_000);
        Assert.Equal(10_000 - 1193, ReadCount(0));
        Assert.Equal(10_000 - 2386, ReadCount(0));
    }

    [Fact]
    public void Calibration_by_counter_2_sees_its_output_rise()
    {
        _speaker.Write(0, 1, 1);
        _pit.Write(3, 1, 0xB0);
        Load(2, 11932);
        Assert.Equal(0UL, _speaker.Read(0, 1) & 0x20);
        _time.Advance(9_900_000);
        Assert.Equal(0UL, _speaker.Read(0, 1) & 0x20);
        _time.Advance(110_000);
        Assert.Equal(0x20UL, _speaker.Read(0, 1) & 0x20);
        Assert.Equal(1UL, _speaker.Read(0, 1) & 3);
    }

    [Fact]
    public void Read_back_gives_status_then_count()
    {
        _pit.Write(3, 1, 0x34);
        Load(0, 1000);
        _pit.Write(3, 1, 0xC2);
        Assert.Equal(0xB4UL, _pit.Read(0, 1));
        Assert.Equal(1000, ReadCount(0));
    }

    [Fact]
    public void The_refresh_bit_toggles_with_time()
    {
        ulong first = _speaker.Read(0, 1) & 0x10;
        _time.Advance(15_085);
        Assert.NotEqual(first, _speaker.Read(0, 1) & 0x10);
    }

    private void Load(ulong channel, ushort count)
    {
        _pit.Write(channel, 1, (byte)count);
        _pit.Write(channel, 1, (ulong)(count >> 8));
    }

    private int ReadCount(ulong channel) => (int)(_pit.Read(channel, 1) | (_pit.Read(channel, 1) << 8));
}
