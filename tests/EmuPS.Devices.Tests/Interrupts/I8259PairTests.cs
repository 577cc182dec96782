using System.Threading;
using EmuPS.Devices.Interrupts;
using Xunit;

namespace EmuPS.Devices.Tests.Interrupts;

public sealed class I8259PairTests
{
    private readonly I8259Pair _pair;
    private bool _output;

    public I8259PairTests()
    {
        _pair = new I8259Pair(level => _output = level, new Lock());
        foreach ((I8259 chip, byte first) in new[] { (_pair.Master, (byte)0x20), (_pair.Slave, (byte)0x28) })
        {
            chip.Write(0, 1, 0x11);
            chip.Write(1, 1, first);
            chip.Write(1, 1, 4);
            chip.Write(1, 1, 1);
        }
    }

    [Fact]
    public void The_mask_is_readable_as_Linux_probes_it()
    {
        _pair.Slave.Write(1, 1, 0xFF);
        _pair.Master.Write(1, 1, 0xFB);
        Assert.Equal(0xFBUL, _pair.Master.Read(1, 1));
        Assert.Equal(0xFFUL, _pair.Slave.Read(1, 1));
    }

    [Fact]
    public void A_slave_interrupt_needs_two_ends()
    {
        _pair.GetInput(8).Set(true);
        Assert.True(_output);
        Assert.Equal(0x28, _pair.Acknowledge());
        Assert.False(_output);
        _pair.GetInput(8).Set(false);
        _pair.GetInput(8).Set(true);
        Assert.False(_output);
        _pair.Slave.Write(0, 1, 0x20);
        Assert.False(_output);
        _pair.Master.Write(0, 1, 0x20);
        Assert.True(_output);
    }

    [Fact]
    public void Priorities_nest_and_specific_ends_clear_one_service_bit()
    {
        _pair.GetInput(4).Set(true);
        _pair.Acknowledge();
        _pair.GetInput(5).Set(true);
        Assert.False(_output);
        _pair.GetInput(1).Set(true);
        Assert.Equal(0x21, _pair.Acknowledge());
        _pair.Master.Write(0, 1, 0x0B);
        Assert.Equal(0x12UL, _pair.Master.Read(0, 1));
        _pair.Master.Write(0, 1, 0x61);
        _pair.Master.Write(0, 1, 0x64);
        Assert.Equal(0x25, _pair.Acknowledge());
    }

    [Fact]
    public void A_request_that_went_away_gives_the_spurious_vector()
    {
        _pair.EdgeLevelControl.Write(0, 1, 0xFF);
        Assert.Equal(0xF8UL, _pair.EdgeLevelControl.Read(0, 1));
        _pair.GetInput(5).Set(true);
        _pair.GetInput(5).Set(false);
        Assert.Equal(0x27, _pair.Acknowledge());
        _pair.Master.Write(0, 1, 0x0B);
        Assert.Equal(0UL, _pair.Master.Read(0, 1));
    }

    [Fact]
    public void Automatic_end_leaves_nothing_in_service()
    {
        _pair.Master.Write(0, 1, 0x11);
        _pair.Master.Write(1, 1, 0x20);
        _pair.Master.Write(1, 1, 4);
        _pair.Master.Write(1, 1, 3);
        _pair.GetInput(0).Set(true);
        Assert.Equal(0x20, _pair.Acknowledge());
        _pair.GetInput(1).Set(true);
        Assert.Equal(0x21, _pair.Acknowledge());
    }

    [Fact]
    public void Polling_acknowledges()
    {
        _pair.GetInput(3).Set(true);
        _pair.Master.Write(0, 1, 0x0C);
        Assert.Equal(0x83UL, _pair.Master.Read(0, 1));
        Assert.False(_output);
    }
}
