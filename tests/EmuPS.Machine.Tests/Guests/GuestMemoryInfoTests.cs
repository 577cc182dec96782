using System.Linq;
using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Guests;

public sealed class GuestMemoryInfoTests
{
    [Fact]
    public void The_guests_answer_becomes_numbers()
    {
        GuestMemoryInfo info = GuestMemoryInfo.Parse(
            """
            MemTotal:         930320 kB
            MemFree:          900000 kB
            MemAvailable:     800000 kB
            size 8000000
            policy online_movable
            block 32 offline 1 Normal Movable
            block 0 online 1 none
            block 33 online 1 Movable
            """);

        Assert.Equal(930320UL * 1024, info.TotalBytes);
        Assert.Equal("online_movable", info.OnlinePolicy);
        Assert.Equal([0UL, 32, 33], info.Blocks.Select(block => block.Index));
        Assert.Equal(new GuestMemoryBlock(32, 0x1_0000_0000, 0x800_0000, "offline", "Normal Movable", true), info.Blocks[1]);
        Assert.True(info.Blocks[2].IsOnline);
    }

    [Fact]
    public void A_guest_without_memory_blocks_still_has_memory()
    {
        GuestMemoryInfo info = GuestMemoryInfo.Parse("MemTotal: 1 kB\n");
        Assert.Equal(1024UL, info.TotalBytes);
        Assert.Empty(info.Blocks);
    }
}
