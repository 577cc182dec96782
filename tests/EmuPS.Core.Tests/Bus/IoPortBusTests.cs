using System;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using Xunit;

namespace EmuPS.Core.Tests.Bus;

public sealed class IoPortBusTests
{
    private readonly AnomalyCounter _anomalies = new();

    [Fact]
    public void UnmappedPortsFloatAndAreCounted()
    {
        IoPortBus bus = new(new Lock(), _anomalies);
        Assert.Equal(0xFFFF_FFFFu, bus.Read(0x1234, 4));
        bus.Write(0x1234, 1, 0);
        bus.Read(0x1234, 1);
        Assert.Equal(2, _anomalies.Counts[(GuestAnomaly.UnmappedPortRead, 0x1234)]);
        Assert.Equal(1, _anomalies.Counts[(GuestAnomaly.UnmappedPortWrite, 0x1234)]);
    }

    [Fact]
    public void AnAccessThatSpansDevicesIsSplitIntoBytes()
    {
        IoPortBus bus = new(new Lock(), _anomalies);
        Echo device = new();
        bus.Map(0x100, 2, device);
        Assert.Equal(0xFFFF_A1A0u, bus.Read(0x100, 4));
        Assert.Equal(0xA2A0u, bus.Read(0x100, 2));
        Assert.Throws<InvalidOperationException>(() => bus.Map(0x101, 4, device));
        bus.Unmap(device);
        Assert.Equal(0xFFu, bus.Read(0x100, 1));
    }

    [Fact]
    public void APlaceThatIsTakenOrDoesNotExistIsRefused()
    {
        IoPortBus bus = new(new Lock(), _anomalies);
        Echo device = new();
        Assert.True(bus.TryMap(0xFFFE, 2, device));
        Assert.False(bus.TryMap(0xFFFD, 2, new Echo()));
        Assert.False(bus.TryMap(0xFFFF, 2, new Echo()));
        Assert.Equal(0xA0u, bus.Read(0xFFFE, 1));
        Assert.Equal(0xFFu, bus.Read(0xFFFD, 1));
    }

    /// <summary>Answers a byte with A0 plus the offset, wider accesses with A2A0.</summary>
    private sealed class Echo : IBusDevice
    {
        public ulong Read(ulong offset, int size) => size == 1 ? 0xA0 + offset : 0xA2A0;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }
}
