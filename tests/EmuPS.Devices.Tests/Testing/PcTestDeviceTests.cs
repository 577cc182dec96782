using EmuPS.Devices.Testing;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Testing;

public sealed class PcTestDeviceTests
{
    [Fact]
    public void It_keeps_bytes_and_switches_wires()
    {
        RecordingLine line = new();
        uint flushed = 0;
        PcTestDevice device = new(irq => irq == 5 ? line : new RecordingLine(), value => flushed = value);
        device.ScratchPorts.Write(0, 4, 0x1122_3344);
        Assert.Equal(0x2233UL, device.ScratchPorts.Read(1, 2));
        device.MemoryWindow.Write(0xFFF8, 8, 0x0102_0304_0506_0708);
        Assert.Equal(0x0102UL, device.MemoryWindow.Read(0xFFFE, 2));
        device.InterruptPorts.Write(5, 1, 1);
        Assert.True(line.Level);
        device.InterruptPorts.Write(5, 1, 0);
        Assert.False(line.Level);
        device.FlushPort.Write(0, 4, 0x1000);
        Assert.Equal(0x1000u, flushed);
    }
}
