using System;
using EmuPS.Core.Addresses;
using Xunit;

namespace EmuPS.Core.Tests.Addresses;

public sealed class AddressRangeTests
{
    [Fact]
    public void MayReachTheTopOfTheAddressSpaceButNotWrap()
    {
        AddressRange top = new(ulong.MaxValue - 0xFFF, 0x1000);
        Assert.True(top.Contains(ulong.MaxValue));
        Assert.Equal(0x1000UL, top.Size);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddressRange(ulong.MaxValue, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddressRange(0, 0));
    }

    [Theory]
    [InlineData(0x1000, 0x1000, false)]
    [InlineData(0x0FFF, 0x0001, false)]
    [InlineData(0x1FFF, 0x0002, true)]
    [InlineData(0x0000, 0x10000, true)]
    public void OverlapIsByteExact(ulong start, ulong size, bool overlaps)
        => Assert.Equal(overlaps, new AddressRange(0x2000, 0x1000).Overlaps(new AddressRange(start, size)));

    [Fact]
    public void AddressesAreShownInGroupsOfFourDigits()
        => Assert.Equal("0x1_4000_0000", new GuestPhysicalAddress(0x1_4000_0000).ToString());
}
