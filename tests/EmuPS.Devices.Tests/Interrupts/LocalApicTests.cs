using System.Threading;
using EmuPS.Devices.Interrupts;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Interrupts;

public sealed class LocalApicTests
{
    private const uint Spurious = 0xF0;
    private const uint Timer = 0x320;
    private readonly ManualTime _time = new();
    private readonly ApicBus _bus = new();
    private readonly Lock _lock = new();
    private readonly I8259Pair _pair;
    private readonly IoApic _ioApic;
    private readonly RecordingProcessor[] _processors = [new(), new()];
    private readonly LocalApic[] _apics;

    public LocalApicTests()
    {
        _pair = new I8259Pair(level => _apics![0].SetExternalInterrupt(level), _lock);
        _ioApic = new IoApic(_bus, _lock);
        _bus.EndOfInterrupt = _ioApic.EndOfInterrupt;
        _apics =
        [
            new LocalApic(0, true, _bus, _processors[0], _pair, _time, _time, 25_000_000),
            new LocalApic(1, false, _bus, _processors[1], null, _time, _time, 25_000_000),
        ];
        foreach (LocalApic apic in _apics)
        {
            apic.WriteWindow(Spurious, 4, 0x1FF);
        }
    }

    private LocalApic Apic => _apics[0];

    [Fact]
    public void A_periodic_timer_keeps_its_phase_and_tells_the_remaining_count()
    {
        Apic.WriteWindow(0x3E0, 4, 0b0001); // divide by 4
        Apic.WriteWindow(Timer, 4, 0x2_0040);
        Apic.WriteWindow(0x380, 4, 6250); // 1 ms
        _time.Advance(400_000);
        Assert.Equal(3750UL, Apic.ReadWindow(0x390, 4));
        Assert.False(Apic.HasInterrupt);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(600_000);
            Assert.True(Apic.HasInterrupt);
            Assert.Equal(0x40, Apic.Acknowledge());
            Apic.WriteWindow(0xB0, 4, 0);
            _time.Advance(400_000);
            Assert.False(Apic.HasInterrupt);
        }
    }

    [Fact]
    public void A_one_shot_timer_fires_once_and_not_when_masked()
    {
        Apic.WriteWindow(0x3E0, 4, 0b1011);
        Apic.WriteWindow(Timer, 4, 0x41);
        Apic.WriteWindow(0x380, 4, 25_000);
        _time.Advance(1_000_000);
        Assert.Equal(0x41, Apic.Acknowledge());
        Apic.WriteWindow(0xB0, 4, 0);
        _time.Advance(5_000_000);
        Assert.False(Apic.HasInterrupt);
        Assert.Equal(0UL, Apic.ReadWindow(0x390, 4));
        Apic.WriteWindow(Timer, 4, 0x1_0041);
        Apic.WriteWindow(0x380, 4, 25_000);
        _time.Advance(2_000_000);
        Assert.False(Apic.HasInterrupt);
    }

    [Fact]
    public void The_tsc_deadline_disarms_itself_when_it_fires_and_fires_at_once_when_it_is_past()
    {
        Apic.WriteWindow(Timer, 4, 0x4_0042);
        Assert.True(Apic.TryWriteMsr(0x6E0, 5000));
        _time.Advance(4999);
        Assert.False(Apic.HasInterrupt);
        _time.Advance(1);
        Assert.Equal(0x42, Apic.Acknowledge());
        Assert.True(Apic.TryReadMsr(0x6E0, out ulong deadline));
        Assert.Equal(0UL, deadline);
        Apic.WriteWindow(0xB0, 4, 0);
        Apic.TryWriteMsr(0x6E0, 10);
        Assert.Equal(0x42, Apic.Acknowledge());
    }

    [Fact]
    public void Interrupts_nest_by_priority_class_and_the_task_priority_holds_back()
    {
        Deliver(0, 0x51);
        Deliver(0, 0x61);
        Assert.Equal(0x61, Apic.Acknowledge());
        Assert.False(Apic.HasInterrupt);
        Deliver(0, 0x71);
        Assert.Equal(0x71, Apic.Acknowledge());
        Apic.WriteWindow(0xB0, 4, 0);
        Assert.False(Apic.HasInterrupt);
        Apic.WriteWindow(0xB0, 4, 0);
        Apic.TaskPriorityClass = 5;
        Assert.False(Apic.HasInterrupt);
        Assert.Equal(0x50UL, Apic.ReadWindow(0xA0, 4));
        Apic.TaskPriorityClass = 4;
        Assert.Equal(0x51, Apic.Acknowledge());
        Assert.Equal(1UL << 0x11, Apic.ReadWindow(0x120, 4));
    }

    [Theory]
    [InlineData(0x0000_0040u, 1u, false, true)]
    [InlineData(0x0004_0040u, 1u, true, false)]
    [InlineData(0x0008_0040u, 0u, true, true)]
    [InlineData(0x000C_0040u, 0u, false, true)]
    public void The_command_register_addresses_whom_it_says(uint low, uint destination, bool first, bool second)
    {
        Apic.WriteWindow(0x310, 4, destination << 24);
        Apic.WriteWindow(0x300, 4, low);
        Assert.Equal(first, _apics[0].HasInterrupt);
        Assert.Equal(second, _apics[1].HasInterrupt);
    }

    [Fact]
    public void Logical_destinations_work_flat_and_in_clusters()
    {
        _apics[1].WriteWindow(0xD0, 4, 0x0200_0000);
        Assert.True(_apics[1].IsAddressedBy(0x03, logical: true));
        Assert.False(_apics[1].IsAddressedBy(0x05, logical: true));
        _apics[1].WriteWindow(0xE0, 4, 0x0FFF_FFFF);
        _apics[1].WriteWindow(0xD0, 4, 0x3200_0000);
        Assert.True(_apics[1].IsAddressedBy(0x36, logical: true));
        Assert.False(_apics[1].IsAddressedBy(0x26, logical: true));
    }

    [Fact]
    public void A_processor_is_started_by_init_and_start_up()
    {
        Apic.WriteWindow(0x310, 4, 1u << 24);
        Apic.WriteWindow(0x300, 4, 0xC500);
        Apic.WriteWindow(0x300, 4, 0x8500);
        Apic.WriteWindow(0x300, 4, 0x069A);
        Assert.Equal(["init", "startup 9a"], _processors[1].Signals);
        Assert.Equal(0UL, Apic.ReadWindow(0x300, 4) & 0x1000);
    }

    [Fact]
    public void X2apic_mode_is_entered_once_and_left_only_through_disabled()
    {
        Assert.False(Apic.TryReadMsr(0x802, out _));
        Assert.True(Apic.TryWriteMsr(0x1B, 0xFEE0_0D00));
        Assert.True(Apic.TryReadMsr(0x803, out ulong version));
        Assert.Equal(0x0005_0014UL, version);
        Assert.False(Apic.TryWriteMsr(0x1B, 0xFEE0_0900));
        Assert.True(Apic.TryWriteMsr(0x83F, 0x45));
        Assert.Equal(0x45, Apic.Acknowledge());
        Assert.False(Apic.TryWriteMsr(0x80B, 1));
        Assert.True(Apic.TryWriteMsr(0x80B, 0));
        Assert.True(Apic.TryWriteMsr(0x830, (1UL << 32) | 0x46));
        Assert.Equal(0x46, _apics[1].Acknowledge());
        Assert.True(Apic.TryReadMsr(0x80D, out ulong logical));
        Assert.Equal(1UL, logical);
        Assert.True(Apic.TryWriteMsr(0x1B, 0xFEE0_0100));
        Assert.False(Apic.TryWriteMsr(0x1B, 0xFEE0_0500));
        Assert.True(Apic.TryWriteMsr(0x1B, 0xFEE0_0900));
    }

    [Fact]
    public void The_8259_pair_reaches_the_processor_through_lint0_until_it_is_masked()
    {
        SetUpPair();
        Apic.WriteWindow(0x350, 4, 0x700);
        _pair.GetInput(1).Set(true);
        Assert.True(Apic.HasInterrupt);
        Apic.WriteWindow(0x350, 4, 0x1_0700);
        Assert.False(Apic.HasInterrupt);
        Apic.WriteWindow(0x350, 4, 0x700);
        Assert.Equal(0x31, Apic.Acknowledge());
        Assert.False(Apic.HasInterrupt);
        Assert.True(_processors[0].Interrupts > 0);
    }

    [Fact]
    public void After_power_on_the_bootstrap_processor_is_in_virtual_wire_mode()
    {
        Apic.Reset(init: false);
        SetUpPair();
        _pair.GetInput(0).Set(true);
        Assert.Equal(0x30, Apic.Acknowledge());
    }

    [Fact]
    public void A_level_interrupt_comes_again_until_its_source_is_quiet()
    {
        SetEntry(9, 0x0000_8059);
        var line = _ioApic.GetInput(9);
        line.Set(true);
        Assert.Equal(0x59, Apic.Acknowledge());
        Assert.Equal(0x0000_C059UL, ReadEntry(9));
        Assert.NotEqual(0UL, Apic.ReadWindow(0x180 + 0x20, 4) & (1u << 0x19));
        Apic.WriteWindow(0xB0, 4, 0);
        Assert.Equal(0x59, Apic.Acknowledge());
        line.Set(false);
        Apic.WriteWindow(0xB0, 4, 0);
        Assert.False(Apic.HasInterrupt);
        Assert.Equal(0x0000_8059UL, ReadEntry(9));
    }

    [Fact]
    public void An_edge_on_a_masked_pin_is_lost_but_a_level_is_not()
    {
        SetEntry(4, 0x1_0044);
        _ioApic.GetInput(4).Set(true);
        SetEntry(4, 0x0_0044);
        Assert.False(Apic.HasInterrupt);
        SetEntry(5, 0x1_8045);
        _ioApic.GetInput(5).Set(true);
        SetEntry(5, 0x0_8045);
        Assert.Equal(0x45, Apic.Acknowledge());
    }

    [Fact]
    public void The_router_brings_interrupt_0_to_pin_2_and_to_the_pair()
    {
        SetUpPair();
        InterruptRouter router = new(_pair, _ioApic);
        SetEntry(2, 0x50);
        router.GetInput(0).Set(true);
        Assert.Equal(0x50, Apic.Acknowledge());
        Assert.True(_pair.HasInterrupt);
    }

    [Fact]
    public void Illegal_vectors_show_in_the_error_register()
    {
        Apic.WriteWindow(0x370, 4, 0xFE);
        Deliver(0, 3);
        Assert.Equal(0xFE, Apic.Acknowledge());
        Apic.WriteWindow(0x280, 4, 0);
        Assert.Equal(0x40UL, Apic.ReadWindow(0x280, 4));
        Apic.WriteWindow(0x280, 4, 0);
        Assert.Equal(0UL, Apic.ReadWindow(0x280, 4));
    }

    [Fact]
    public void A_disabled_controller_takes_no_vector_and_lint1_gives_nmi()
    {
        Apic.WriteWindow(0x360, 4, 0x400);
        Apic.SetNonMaskable(true);
        Apic.WriteWindow(Spurious, 4, 0xFF);
        Deliver(0, 0x60);
        Assert.False(Apic.HasInterrupt);
        Assert.Equal(0x1_0400UL, Apic.ReadWindow(0x360, 4));
        Assert.Equal(["nmi"], _processors[0].Signals);
    }

    private void Deliver(uint destination, byte vector) =>
        _bus.Deliver(new InterruptMessage(destination, false, DeliveryMode.Fixed, vector, false));

    private void SetEntry(int pin, uint low)
    {
        _ioApic.Write(0, 4, (ulong)(0x11 + (pin * 2)));
        _ioApic.Write(0x10, 4, 0);
        _ioApic.Write(0, 4, (ulong)(0x10 + (pin * 2)));
        _ioApic.Write(0x10, 4, low);
    }

    private ulong ReadEntry(int pin)
    {
        _ioApic.Write(0, 4, (ulong)(0x10 + (pin * 2)));
        return _ioApic.Read(0x10, 4);
    }

    private void SetUpPair()
    {
        foreach ((I8259 chip, byte first) in new[] { (_pair.Master, (byte)0x30), (_pair.Slave, (byte)0x38) })
        {
            chip.Write(0, 1, 0x11);
            chip.Write(1, 1, first);
            chip.Write(1, 1, 4);
            chip.Write(1, 1, 1);
        }
    }
}
