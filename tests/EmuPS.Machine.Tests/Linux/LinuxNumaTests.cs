using System;
using System.Globalization;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>What <c>-numa</c> and <c>node=</c> say is what the guest finds.</summary>
public sealed class LinuxNumaTests(NumaGuest guest) : IClassFixture<NumaGuest>
{
    [LinuxFact]
    public async Task The_guest_finds_the_nodes_their_processors_memory_and_distances()
    {
        Assert.Equal("0-1\n0\n10 21\n21 10", await guest.RunAsync("cd /sys/devices/system/node; cat online node0/cpulist node0/distance node1/distance"));
        Assert.Equal(string.Empty, await guest.RunAsync("cat /sys/devices/system/node/node1/cpulist"));
        // The kernel's image, and 64 MiB of bounce buffers on the second node, are not counted.
        Assert.InRange(await NodeTotalAsync(0), 180UL << 20, 256UL << 20);
        Assert.InRange(await NodeTotalAsync(1), (128UL + 170) << 20, (128UL + 256) << 20);
    }

    [LinuxFact]
    public async Task A_cold_plugged_DIMM_is_on_its_node()
    {
        DimmInfo cold = guest.Hotplug.GetDimm("cold");
        Assert.False(cold.Hotplugged);
        Assert.Equal([cold.Address >> 27], await guest.OnlineBlocksAsync(cold));
        Assert.Equal("node1", await NodeOfAsync(cold));
    }

    [LinuxFact]
    public async Task Hotplugged_DIMMs_reach_the_node_they_name()
    {
        foreach (uint node in new uint[] { 1, 0 })
        {
            (ulong here, ulong there) = (await NodeTotalAsync(node), await NodeTotalAsync(1 - node));
            DimmInfo dimm = await guest.PlugAsync("n", 128, blocks: 1, node);
            Assert.Equal($"node{node}", await NodeOfAsync(dimm));
            Assert.Equal((here + (128 << 20), there), (await NodeTotalAsync(node), await NodeTotalAsync(1 - node)));
            await guest.RemoveAsync(dimm);
            Assert.Equal(here, await NodeTotalAsync(node));
        }
    }

    [LinuxFact]
    public async Task Pinned_kernel_memory_is_refused_with_130_and_goes_when_it_is_free()
    {
        await guest.PolicyAsync("online_kernel");
        DimmInfo dimm = await guest.PlugAsync("pinned", 256, blocks: 2, node: 1);
        // The pages of a pipe can never be moved. For the moment of writing, a cpuset has them come from this node, where nothing else of the kernel's goes.
        await guest.RunAsync(
            """
            mkdir -p /tmp/cg; mount -t cgroup2 none /tmp/cg
            echo +cpuset > /tmp/cg/cgroup.subtree_control; mkdir -p /tmp/cg/pins; echo 1 > /tmp/cg/pins/cpuset.mems
            mkfifo /tmp/pin
            cat > /tmp/pin.sh <<'END'
            data=$(head -c 60000 /dev/zero | tr '\0' x)
            exec 3<>/tmp/pin
            echo $$ > /tmp/cg/pins/cgroup.procs
            echo "$data" >&3
            echo $$ > /tmp/cg/cgroup.procs
            echo $$ > /tmp/pinned
            exec sleep 100000
            END
            setsid sh /tmp/pin.sh > /dev/null 2>&1 < /dev/null &
            while [ ! -s /tmp/pinned ]; do sleep 0.05; done
            """);
        long before = guest.Machine.Events.LastSequence;
        int console = guest.Machine.Console.Length;
        guest.Hotplug.RequestRemoval("pinned");
        DimmOutcome refused = await guest.WaitAsync(dimm, DimmGoal.Removed);
        Assert.Equal((DimmOutcomeKind.Refused, 3u, 0x82u), (refused.Kind, refused.OstSource!.Value, refused.OstStatus!.Value));
        Assert.Equal(
            [
                "ACPI_DEVICE_OST device=pinned source=3 status=132 slot=1 slot-type=DIMM",
                "ACPI_DEVICE_OST device=pinned source=3 status=130 slot=1 slot-type=DIMM",
            ],
            guest.Heard(before));
        Assert.Equal([33UL, 34UL], await guest.OnlineBlocksAsync(dimm));
        string said = guest.Machine.Console.Read(console);
        Assert.Contains("unmovable page", said, StringComparison.Ordinal);
        Assert.Matches("memory memory3[34]: Offline failed", said);

        await guest.RunAsync("pid=$(cat /tmp/pinned); kill -9 $pid; while [ -e /proc/$pid ]; do sleep 0.05; done; rmdir /tmp/cg/pins; umount /tmp/cg");
        await guest.RemoveAsync(dimm);
        await guest.PolicyAsync("online_movable");
    }

    private Task<string> NodeOfAsync(DimmInfo dimm) =>
        guest.RunAsync(string.Create(CultureInfo.InvariantCulture, $"cd /sys/devices/system/memory/memory{dimm.Address >> 27}; ls -d node*"));

    private async Task<ulong> NodeTotalAsync(uint node) =>
        ulong.Parse(await guest.RunAsync($"awk '/MemTotal/ {{ print $4 }}' /sys/devices/system/node/node{node}/meminfo"), CultureInfo.InvariantCulture) << 10;
}
