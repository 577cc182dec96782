using System;
using EmuPS.Devices.Tests.Fakes;
using EmuPS.Devices.Timers;
using Xunit;

namespace EmuPS.Devices.Tests.Timers;

public sealed class CmosRtcTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 21, 5, 58, TimeSpan.Zero);
    private readonly ManualTime _time = new();
    private readonly RecordingLine _line = new();
    private readonly CmosRtc _rtc;

    public CmosRtcTests() => _rtc = new CmosRtc(_time, _line, () => s_start.AddTicks(_time.Nanoseconds / 100));

    [Fact]
    public void The_date_is_shown_in_bcd_with_its_century()
    {
        Assert.Equal([0x58, 0x05, 0x21, 0x02, 0x23, 0x11, 0x26, 0x20], [Get(0), Get(2), Get(4), Get(6), Get(7), Get(8), Get(9), Get(0x32)]);
        Assert.Equal(0x80, Get(0x0D));
        Assert.Equal(0x02, Get(0x0B));
    }

    [Fact]
    public void A_time_that_was_set_goes_on_from_there()
    {
        Put(0x0B, 0x82);
        foreach ((byte register, byte value) in new (byte, byte)[] { (0, 0x59), (2, 0x59), (4, 0x23), (7, 0x31), (8, 0x12), (9, 0x29), (0x32, 0x20) })
        {
            Put(register, value);
        }

        Put(0x0B, 0x02);
        _time.Advance(1_000_000_000);
        Assert.Equal([0, 0, 0, 1, 1, 0x30], [Get(0), Get(2), Get(4), Get(7), Get(8), Get(9)]);
    }

    [Fact]
    public void Update_in_progress_is_announced_before_the_second()
    {
        Assert.Equal(0, Get(0x0A) & 0x80);
        _time.Advance(999_900_000);
        Assert.Equal(0x80, Get(0x0A) & 0x80);
        _time.Advance(100_000);
        Assert.Equal(0, Get(0x0A) & 0x80);
    }

    [Fact]
    public void Update_interrupts_come_each_second_after_the_flags_are_read()
    {
        Put(0x0B, 0x12);
        _time.Advance(1_000_000_000);
        Assert.True(_line.Level);
        Assert.Equal(0x90, Get(0x0C));
        Assert.False(_line.Level);
        Assert.Equal(0, Get(0x0C));
        _time.Advance(1_000_000_000);
        Assert.Equal(2, _line.Edges);
    }

    [Fact]
    public void The_alarm_matches_and_may_not_care()
    {
        Put(1, 0x03);
        Put(3, 0xFF);
        Put(5, 0xC0);
        Put(0x0B, 0x22);
        _time.Advance(4_000_000_000);
        Assert.False(_line.Level);
        _time.Advance(1_000_000_000);
        Assert.True(_line.Level);
        Assert.Equal(0xB0, Get(0x0C));
    }

    [Fact]
    public void Periodic_interrupts_follow_the_rate()
    {
        Put(0x0B, 0x42);
        for (int i = 0; i < 1024; i++)
        {
            _time.Advance(976_563);
            Assert.Equal(0xC0, Get(0x0C) & 0xC0);
        }

        Assert.Equal(1024, _line.Edges);
    }

    [Fact]
    public void Memory_survives_reset()
    {
        _rtc.SetMemory(0x5B, 0x12);
        _rtc.Reset();
        Assert.Equal(0x12, Get(0x5B));
    }

    private byte Get(byte index)
    {
        _rtc.Write(0, 1, index);
        return (byte)_rtc.Read(1, 1);
    }

    private void Put(byte index, byte value)
    {
        _rtc.Write(0, 1, index);
        _rtc.Write(1, 1, value);
    }
}
