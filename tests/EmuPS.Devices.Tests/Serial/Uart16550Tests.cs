using System.Collections.Generic;
using System.Linq;
using System.Threading;
using EmuPS.Devices.Serial;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Serial;

public sealed class Uart16550Tests
{
    private readonly RecordingLine _line = new();
    private readonly List<byte> _sent = [];
    private readonly Uart16550 _uart;

    public Uart16550Tests()
    {
        _uart = new Uart16550(_line, _sent.Add, new Lock());
        _uart.Write(4, 1, 0x0B);
    }

    [Fact]
    public void Linux_recognises_a_16550A()
    {
        _uart.Write(1, 1, 0xFF);
        Assert.Equal(0x0FUL, Read(1));
        _uart.Write(1, 1, 0);
        _uart.Write(4, 1, 0x1A);
        Assert.Equal(0x90UL, Read(6) & 0xF0);
        _uart.Write(4, 1, 0x0B);
        _uart.Write(2, 1, 1);
        Assert.Equal(0xC1UL, Read(2));
        _uart.Write(7, 1, 0x5A);
        Assert.Equal(0x5AUL, Read(7));
    }

    [Fact]
    public void The_divisor_hides_behind_the_latch_bit()
    {
        _uart.Write(3, 1, 0x83);
        _uart.Write(0, 1, 1);
        _uart.Write(1, 1, 0);
        Assert.Equal(1UL, Read(0));
        _uart.Write(3, 1, 3);
        Assert.Empty(_sent);
        Assert.Equal(0UL, Read(1));
    }

    [Fact]
    public void Sending_is_immediate_and_the_transmitter_always_empty()
    {
        _uart.Write(0, 1, 'H');
        Assert.Equal(0x60UL, Read(5));
        Assert.Equal([(byte)'H'], _sent);
        Assert.False(_line.Level);
    }

    [Fact]
    public void The_transmit_interrupt_comes_when_enabled_goes_when_identified_and_comes_with_each_byte()
    {
        _uart.Write(1, 1, 2);
        Assert.True(_line.Level);
        Assert.Equal(2UL, Read(2));
        Assert.False(_line.Level);
        Assert.Equal(1UL, Read(2));
        _uart.Write(0, 1, 'x');
        Assert.True(_line.Level);
        Assert.Equal(2, _line.Edges);
        _uart.Write(1, 1, 0);
        Assert.False(_line.Level);
        _uart.Write(1, 1, 2);
        Assert.Equal(2UL, Read(2));
    }

    [Fact]
    public void A_thousand_received_bytes_arrive_in_order_through_the_fifo()
    {
        byte[] data = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        _uart.Write(2, 1, 0x81);
        _uart.Write(1, 1, 1);
        _uart.Receive(data);
        Assert.True(_line.Level);
        Assert.Equal(0xC4UL, Read(2));
        List<byte> seen = [];
        while ((Read(5) & 1) != 0)
        {
            seen.Add((byte)Read(0));
        }

        Assert.Equal(data, seen);
        Assert.False(_line.Level);
        _uart.Receive([1]);
        Assert.Equal(0xCCUL, Read(2));
    }

    [Fact]
    public void Loopback_returns_what_is_sent_and_no_interrupt_leaves_the_chip()
    {
        _uart.Write(1, 1, 1);
        _uart.Write(4, 1, 0x18);
        _uart.Write(0, 1, 0x42);
        Assert.Empty(_sent);
        Assert.False(_line.Level);
        Assert.Equal(0x61UL, Read(5));
        Assert.Equal(0x42UL, Read(0));
    }

    [Fact]
    public void Without_out2_the_interrupt_stays_off_the_bus()
    {
        _uart.Write(4, 1, 3);
        _uart.Write(1, 1, 1);
        _uart.Receive([1]);
        Assert.False(_line.Level);
        _uart.Write(4, 1, 0x0B);
        Assert.True(_line.Level);
    }

    private ulong Read(ulong offset) => _uart.Read(offset, 1);
}
