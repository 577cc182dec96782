using System.Linq;
using EmuPS.Devices.Tests.Fakes;
using EmuPS.Devices.Timers;
using Xunit;

namespace EmuPS.Devices.Tests.Timers;

public sealed class HpetTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLine[] _lines = [.. Enumerable.Range(0, 24).Select(_ => new RecordingLine())];
    private readonly Hpet _hpet;

    public HpetTests() => _hpet = new Hpet(_time, irq => _lines[irq]);

    [Fact]
    public void It_says_what_it_is()
    {
        Assert.Equal(10_000_000UL, _hpet.Read(4, 4));
        Assert.Equal(0x8086_A201UL, (uint)_hpet.Read(0, 4));
        Assert.Equal(0x0000_0004_0000_0030UL, _hpet.Read(0x100, 8));
    }

    [Fact]
    public void The_counter_counts_only_while_enabled()
    {
        _time.Advance(1000);
        Assert.Equal(0UL, _hpet.Read(0xF0, 8));
        _hpet.Write(0x10, 4, 1);
        _time.Advance(1000);
        Assert.Equal(100UL, _hpet.Read(0xF0, 4));
        _hpet.Write(0x10, 4, 0);
        _time.Advance(1000);
        Assert.Equal(100UL, _hpet.Read(0xF0, 8));
        _hpet.Write(0xF0, 8, 0x1_0000_0000);
        Assert.Equal(1UL, _hpet.Read(0xF4, 4));
    }

    [Fact]
    public void A_periodic_legacy_timer_replaces_the_pit()
    {
        _hpet.PitInput.Set(true);
        Assert.True(_lines[0].Level);
        _hpet.Write(0x10, 4, 3);
        Assert.False(_lines[0].Level);
        _hpet.Write(0x100, 4, 0x14C); // enabled, periodic, accumulator, 32 bits: as Linux does
        _hpet.Write(0x108, 4, 100_000);
        _hpet.Write(0x108, 4, 100_000);
        int before = _lines[0].Edges;
        _time.Advance(10_000_000);
        Assert.Equal(10, _lines[0].Edges - before);
        _hpet.PitInput.Set(false);
        _hpet.PitInput.Set(true);
        Assert.Equal(10, _lines[0].Edges - before);
    }

    [Fact]
    public void A_periodic_timer_without_its_interrupt_moves_on_and_keeps_its_phase()
    {
        _hpet.Write(0x10, 4, 3);
        _hpet.Write(0x100, 4, 0x14C);
        _hpet.Write(0x108, 4, 100_000);
        _hpet.Write(0x108, 4, 100_000);
        _hpet.Write(0x100, 4, 0x108);
        int before = _lines[0].Edges;
        _time.Advance(10_500_000);
        Assert.Equal(before, _lines[0].Edges);
        Assert.Equal(1_100_000UL, _hpet.Read(0x108, 4));
        _hpet.Write(0x100, 4, 0x10C);
        _time.Advance(500_000);
        Assert.Equal(before + 1, _lines[0].Edges);
    }

    [Fact]
    public void A_one_shot_timer_fires_once_on_its_route()
    {
        _hpet.Write(0x10, 4, 1);
        _hpet.Write(0x120, 4, (2 << 9) | 4);
        _hpet.Write(0x128, 8, 500);
        _time.Advance(4999);
        Assert.Equal(0, _lines[2].Edges);
        _time.Advance(1_000_000);
        Assert.Equal(1, _lines[2].Edges);
        Assert.Equal(0UL, _hpet.Read(0x20, 4));
    }

    [Fact]
    public void A_level_timer_holds_its_wire_until_the_status_is_cleared()
    {
        _hpet.Write(0x10, 4, 1);
        _hpet.Write(0x140, 4, (2 << 9) | 0x106);
        _hpet.Write(0x148, 4, 500);
        _time.Advance(10_000);
        Assert.True(_lines[2].Level);
        Assert.Equal(4UL, _hpet.Read(0x20, 4));
        _hpet.Write(0x20, 4, 4);
        Assert.False(_lines[2].Level);
    }
}
