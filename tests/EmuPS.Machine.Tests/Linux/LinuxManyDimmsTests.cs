using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>Many DIMMs in a real guest. All 256 are the benchmark's affair: <c>EmuPS.Benchmarks hotplug</c>.</summary>
public sealed class LinuxManyDimmsTests(ManyDimmsGuest guest) : IClassFixture<ManyDimmsGuest>
{
    private const int Count = 32;

    [LinuxFact]
    public async Task Thirty_two_DIMMs_come_at_once_and_go_at_once()
    {
        ulong before = await guest.MemTotalAsync();
        DimmInfo[] dimms = [.. Enumerable.Range(0, Count).Select(n => guest.Plug($"d{n}", 128))];
        foreach (DimmInfo dimm in dimms)
        {
            await guest.OnlineAsync(dimm, 1);
        }

        Assert.Equal(before + ((ulong)Count << 27), await guest.MemTotalAsync());
        foreach (DimmInfo dimm in dimms)
        {
            guest.Hotplug.RequestRemoval(dimm.Name);
        }

        foreach (DimmInfo dimm in dimms)
        {
            await guest.GoneAsync(dimm);
        }

        Assert.Equal(before, await guest.MemTotalAsync());
    }

    [LinuxFact]
    public async Task The_same_name_comes_and_goes_twenty_times()
    {
        for (int round = 0; round < 20; round++)
        {
            DimmInfo dimm = await guest.PlugAsync("again", 128, blocks: 1);
            Assert.Equal((0, 0x1_0000_0000UL), (dimm.Slot, dimm.Address));
            await guest.RemoveAsync(dimm);
        }
    }
}
