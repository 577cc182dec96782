using System.Collections.Generic;
using System.Linq;
using EmuPS.Core.Addresses;
using EmuPS.Devices.Pci;
using Xunit;

namespace EmuPS.Devices.Tests.Pci;

/// <summary>The chipset as firmware finds it, and what it does with it.</summary>
public sealed class FirmwareChipsetTests
{
    [Fact]
    public void Nothing_is_shadowed_after_a_reset_and_each_area_has_its_two_bits()
    {
        int changes = 0;
        I440Fx bridge = new(() => changes++);
        bridge.WriteConfiguration(0x58, 4, 0xFFFF_FFFF);
        bridge.WriteConfiguration(0x5C, 4, 0x3210_0123);
        Assert.Equal(
            [
                ShadowAccess.ReadWrite, ShadowAccess.ReadWrite, ShadowAccess.ReadWrite, ShadowAccess.ReadWrite,
                ShadowAccess.ReadWrite, ShadowAccess.Write, ShadowAccess.Read, ShadowAccess.None,
                ShadowAccess.None, ShadowAccess.Read, ShadowAccess.Write, ShadowAccess.ReadWrite, ShadowAccess.ReadWrite,
            ],
            All(bridge));
        Assert.True(changes > 0);
        bridge.Reset();
        Assert.All(All(bridge), access => Assert.Equal(ShadowAccess.None, access));
        Assert.All(All(new I440Fx()), access => Assert.Equal(ShadowAccess.ReadWrite, access));
    }

    [Fact]
    public void The_areas_fill_the_space_below_1_MiB()
    {
        ulong next = 0xC_0000;
        for (int area = 0; area < I440Fx.ShadowAreas; area++)
        {
            AddressRange range = I440Fx.ShadowRange(area);
            Assert.Equal(next, range.Start);
            next = range.Last + 1;
        }

        Assert.Equal(0x10_0000UL, next);
    }

    [Fact]
    public void Firmware_places_the_power_management_ports()
    {
        List<ushort?> places = [];
        Piix4Pm power = new(places.Add);
        power.Reset();
        Assert.All(places, place => Assert.Null(place));
        power.WriteConfiguration(0x40, 4, 0xB001);
        Assert.Null(power.PortBase);
        power.WriteConfiguration(0x80, 1, 1);
        Assert.Equal((ushort)0xB000, power.PortBase);
        Assert.Equal((ushort)0xB000, places[^1]);
        power.Reset();
        Assert.Null(power.PortBase);
        Assert.Null(places[^1]);
        Assert.Equal((ushort)0x600, new Piix4Pm().PortBase);
    }

    [Fact]
    public void Interrupts_are_not_routed_before_firmware_does_it()
    {
        Assert.Equal(0x8080_8080u, new Piix3Isa(initialized: false).ReadConfiguration(0x60, 4));
        Assert.Equal(0x0B0B_0A0Au, new Piix3Isa().ReadConfiguration(0x60, 4));
    }

    private static ShadowAccess[] All(I440Fx bridge) => [.. Enumerable.Range(0, I440Fx.ShadowAreas).Select(bridge.GetShadow)];
}
