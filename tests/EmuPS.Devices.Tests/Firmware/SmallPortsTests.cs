using System.Collections.Generic;
using EmuPS.Devices.Firmware;
using Xunit;

namespace EmuPS.Devices.Tests.Firmware;

public sealed class SmallPortsTests
{
    [Fact]
    public void Reset_control_resets_on_its_processor_bit()
    {
        int resets = 0;
        ResetControl control = new(() => resets++);
        control.Write(0, 1, 2);
        Assert.Equal(2UL, control.Read(0, 1));
        Assert.Equal(0, resets);
        control.Write(0, 1, 6);
        Assert.Equal(1, resets);
    }

    [Fact]
    public void Fast_a20_resets_on_a_rising_edge()
    {
        int resets = 0;
        bool open = false;
        FastA20 port = new(() => resets++, level => open = level);
        port.Write(0, 1, 3);
        port.Write(0, 1, 3);
        Assert.Equal(1, resets);
        Assert.True(open);
        port.Write(0, 1, 0);
        Assert.False(open);
    }

    [Fact]
    public void Debug_ports_pass_on_what_is_written()
    {
        List<byte> text = [];
        DebugConsole console = new(text.Add);
        console.Write(0, 2, 0x6968);
        Assert.Equal("hi"u8.ToArray(), text);
        Assert.Equal(0xE9UL, console.Read(0, 1));
        Port80 codes = new();
        codes.Write(0, 1, 0x42);
        Assert.Equal(0x42, codes.Code);
        uint value = 0;
        new IsaDebugExit(v => value = v).Write(0, 4, 0x31);
        Assert.Equal(0x31u, value);
    }
}
