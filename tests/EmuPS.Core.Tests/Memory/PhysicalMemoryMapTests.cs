using System;
using EmuPS.Core.Memory;
using Xunit;

namespace EmuPS.Core.Tests.Memory;

public sealed unsafe class PhysicalMemoryMapTests
{
    [Fact]
    public void RamIsFoundByAddressAndRangesNeverOverlap()
    {
        using AnonymousMemoryBlock block = new(0x4000);
        using RamRegion low = new(0x0000, block.Pointer, 0x2000);
        using RamRegion high = new(0x1_0000_0000, block.Pointer + 0x2000, 0x2000);
        PhysicalMemoryMap map = PhysicalMemoryMap.Empty.With(high).With(low);

        Assert.Same(low, map.FindRam(0x1FFF));
        Assert.Null(map.FindRam(0x2000));
        Assert.Same(high, map.FindRam(0x1_0000_1000));
        Assert.Null(map.Without(high).FindRam(0x1_0000_1000));
        using RamRegion overlapping = new(0x1000, block.Pointer, 0x1000);
        Assert.Throws<ArgumentException>(() => map.With(overlapping));
    }

    [Fact]
    public void CopiesCrossRegionsAndStopAtHoles()
    {
        using AnonymousMemoryBlock block = new(0x2000);
        using RamRegion first = new(0x0000, block.Pointer, 0x1000);
        using RamRegion second = new(0x1000, block.Pointer + 0x1000, 0x1000);
        GuestPhysicalMemory memory = new();
        memory.Replace(PhysicalMemoryMap.Empty.With(first).With(second));

        Assert.True(memory.TryWrite(0xFFE, [1, 2, 3, 4]));
        byte[] read = new byte[4];
        Assert.True(memory.TryRead(0xFFE, read));
        Assert.Equal([1, 2, 3, 4], read);
        Assert.False(memory.TryRead(0x1FFE, read));
    }

    [Fact]
    public void WritingAPageWithCodeIsReported()
    {
        using AnonymousMemoryBlock block = new(0x2000);
        using RamRegion region = new(0, block.Pointer, 0x2000);
        GuestPhysicalMemory memory = new();
        memory.Replace(PhysicalMemoryMap.Empty.With(region));
        ulong reported = 0;
        memory.CodeWritten = (address, _) => reported = address;

        memory.TryWrite(0x1000, [1]);
        Assert.Equal(0UL, reported);
        *region.FlagsOf(0x1000) |= RamRegion.PageHasCode;
        memory.TryWrite(0x1004, [1]);
        Assert.Equal(0x1004UL, reported);
    }
}
