using System.Linq;
using EmuPS.Machine.Boot;
using EmuPS.Machine.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.Boot;

public sealed class E820MapTests
{
    [Theory]
    [InlineData("3583M,slots=1,maxmem=5G", 0xDFF0_0000UL, 0UL, 0x1_0000_0000UL)]
    [InlineData("3584M,slots=1,maxmem=5G", 0xC000_0000UL, 0x2000_0000UL, 0x1_4000_0000UL)]
    [InlineData("3G,slots=1,maxmem=5G", 0xC000_0000UL, 0UL, 0x1_0000_0000UL)]
    [InlineData("4G", 0xC000_0000UL, 0x4000_0000UL, 0x1_4000_0000UL)]
    public void MapHoldsInitialMemoryOnly(string memory, ulong lowEnd, ulong high, ulong deviceMemory)
    {
        MemoryLayout layout = MemoryLayout.Of(MemoryConfiguration.Parse(memory));
        E820Entry[] usable = [.. E820Map.Build(layout).Where(entry => entry.Type == E820Type.Usable)];

        Assert.Equal(deviceMemory, layout.DeviceMemoryBase);
        Assert.Equal(new E820Entry(0, 0x9_FC00, E820Type.Usable), usable[0]);
        Assert.Equal(new E820Entry(0x10_0000, lowEnd - 0x10_0000, E820Type.Usable), usable[1]);
        Assert.Equal(high == 0 ? [] : [new E820Entry(0x1_0000_0000, high, E820Type.Usable)], usable[2..]);
    }
}
