using System;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>What Debian's kernel makes of removals, in every situation that needs no reset.</summary>
public sealed class LinuxUnplugTests(UnplugGuest guest) : IClassFixture<UnplugGuest>
{
    [LinuxFact]
    public async Task Three_hundred_megabytes_of_data_move_away_intact()
    {
        ulong before = await guest.MemTotalAsync();
        DimmInfo dimm = await guest.PlugAsync("d", 512, blocks: 4);
        string sum = await guest.RunAsync(
            """
            set -e
            mkdir -p /mnt
            mount -t tmpfs -o size=400m tmpfs /mnt
            dd if=/dev/urandom of=/tmp/seed bs=1M count=5 2>/dev/null
            for i in $(seq 60); do echo $i; cat /tmp/seed; done > /mnt/data
            md5sum < /mnt/data
            """);
        // Free pages of the movable zone, which is the DIMM: the data lies there and nowhere else.
        string free = await guest.RunAsync("awk '/zone +Movable/ { m = 1 } m && /nr_free_pages/ { print $2; exit }' /proc/zoneinfo");
        Assert.InRange(int.Parse(free, System.Globalization.CultureInfo.InvariantCulture), 0, (512 - 300) << 8);

        await guest.RemoveAsync(dimm);
        Assert.Equal(before, await guest.MemTotalAsync());
        Assert.Equal(sum, await guest.RunAsync("md5sum < /mnt/data; umount /mnt; rm /tmp/seed"));
    }

    [LinuxFact]
    public async Task The_guest_ejects_of_its_own_accord()
    {
        DimmInfo dimm = await guest.PlugAsync("own", 128, blocks: 1);
        long before = guest.Machine.Events.LastSequence;
        await guest.RunAsync("for d in /sys/bus/acpi/devices/PNP0C80:*; do [ \"$(cat $d/path)\" = '\\_SB_.MHPC.MP00' ] && echo 1 > $d/eject; done; true");
        await guest.GoneAsync(dimm);
        Assert.Equal(
            [
                "ACPI_DEVICE_OST device=own source=3 status=132 slot=0 slot-type=DIMM",
                "DEVICE_DELETED device=own path=/machine/peripheral/own",
                "ACPI_DEVICE_OST source=259 status=0 slot=0 slot-type=DIMM",
            ],
            guest.Heard(before));
    }

    [LinuxFact]
    public async Task Requests_while_held_or_pending_are_one_removal_when_the_machine_goes_on()
    {
        DimmInfo dimm = await guest.PlugAsync("held", 128, blocks: 1);
        long before = guest.Machine.Events.LastSequence;
        guest.Machine.Pause();
        Assert.Equal(DimmState.UnplugPending, guest.Hotplug.RequestRemoval("held").State);
        Assert.Equal(DimmState.UnplugPending, guest.Hotplug.RequestRemoval("/machine/peripheral/held").State);
        Assert.Equal("object 'mem-held' is in use, can not be deleted", Assert.Throws<EngineException>(() => guest.Hotplug.RemoveBackend("mem-held")).Message);
        Assert.Equal(DimmOutcomeKind.Pending, (await guest.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, TimeSpan.Zero)).Kind);
        guest.Machine.Resume();
        await guest.GoneAsync(dimm);
        Assert.Single(guest.Heard(before), heard => heard.StartsWith("DEVICE_DELETED", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task A_DIMM_that_was_never_onlined_goes_at_once()
    {
        await guest.PolicyAsync("offline");
        ulong before = await guest.MemTotalAsync();
        DimmInfo dimm = await guest.PlugAsync("off", 256, blocks: 0);
        Assert.Equal(before, await guest.MemTotalAsync());
        Assert.Equal(2, (await guest.MemoryAsync()).Blocks.Count(block => block.State == "offline"));
        await guest.RemoveAsync(dimm);
        Assert.DoesNotContain((await guest.MemoryAsync()).Blocks, block => block.State == "offline");
        await guest.PolicyAsync("online_movable");
    }

    [LinuxFact]
    public async Task A_DIMM_smaller_than_a_block_is_accepted_not_used_and_removable()
    {
        ulong before = await guest.MemTotalAsync();
        DimmInfo dimm = await guest.PlugAsync("small", 64, blocks: 0);
        Assert.Equal((DimmState.Accepted, 1u, 0u), (dimm.State, dimm.OstSource!.Value, dimm.OstStatus!.Value));
        Assert.Equal(before, await guest.MemTotalAsync());
        Assert.Contains("Block size [0x8000000] unaligned hotplug range: start 0x100000000, size 0x4000000", await guest.RunAsync("dmesg"), StringComparison.Ordinal);
        await guest.RemoveAsync(dimm);
    }

    [LinuxFact]
    public async Task A_DIMM_behind_an_odd_neighbour_is_accepted_and_not_used()
    {
        ulong before = await guest.MemTotalAsync();
        DimmInfo small = await guest.PlugAsync("odd", 64, blocks: 0);
        DimmInfo behind = await guest.PlugAsync("behind", 128, blocks: 0);
        Assert.Equal(small.Address + small.SizeBytes, behind.Address);
        Assert.Equal(DimmState.Accepted, behind.State);
        Assert.Equal(before, await guest.MemTotalAsync());
        await guest.RemoveAsync(small);
        await guest.RemoveAsync(behind);
    }
}
