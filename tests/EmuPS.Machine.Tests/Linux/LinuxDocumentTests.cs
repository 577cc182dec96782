using System;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.Hmp;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>The document's guest with 6 GiB of regular memory, two cold-plugged DIMMs and two free slots.</summary>
public sealed class LinuxDocumentTests(DocumentGuest guest) : IClassFixture<DocumentGuest>
{
    private const ulong GiB = 1UL << 30;

    [LinuxFact]
    public async Task The_documents_guest_finds_its_DIMMs_onlines_them_and_takes_two_more()
    {
        Assert.Equal([(false, GiB, 0), (false, GiB / 4, 1)], guest.Hotplug.Dimms.Select(dimm => (dimm.Hotplugged, dimm.SizeBytes, dimm.Slot)));
        Assert.Equal((6 * GiB, 5 * GiB / 4, 2), guest.Hotplug.Summary is var sum ? (sum.BaseBytes, sum.PluggedBytes, sum.FreeSlots) : default);
        Assert.Equal("15", await guest.RunAsync("cat /sys/bus/acpi/devices/PNP0C80:00/status"));
        Assert.Equal("15", await guest.RunAsync("cat /sys/bus/acpi/devices/PNP0C80:01/status"));

        // Cold-plugged memory is there and not used until somebody says so.
        GuestMemoryInfo before = await guest.MemoryAsync();
        Assert.InRange(before.TotalBytes, 6 * GiB - (300 << 20), 6 * GiB);
        Assert.Equal(Enumerable.Range(56, 10).Select(n => (ulong)n), before.Blocks.Where(block => block.State == "offline").Select(block => block.Index));
        Assert.DoesNotContain(guest.Heard(0), heard => heard.StartsWith("ACPI_DEVICE_OST", StringComparison.Ordinal));
        await guest.RunAsync("cd /sys/devices/system/memory; for b in memory*; do [ $(cat $b/state) = offline ] && echo online_movable > $b/state; done; true");
        Assert.Equal(before.TotalBytes + (5 * GiB / 4), await guest.MemTotalAsync());

        await guest.PolicyAsync("online_movable");
        HmpMonitor monitor = new(guest.Machine);
        foreach (string line in (string[])["object_add memory-backend-ram,id=mem3,size=1G", "device_add pc-dimm,id=dimm3,memdev=mem3", "object_add memory-backend-ram,id=mem4,size=1G", "device_add pc-dimm,id=dimm4,memdev=mem4"])
        {
            Assert.Equal(string.Empty, monitor.Execute(line));
        }

        DimmInfo third = guest.Hotplug.GetDimm("dimm3");
        DimmInfo fourth = guest.Hotplug.GetDimm("dimm4");
        await guest.OnlineAsync(third, 8);
        await guest.OnlineAsync(fourth, 8);
        Assert.Equal(before.TotalBytes + (13 * GiB / 4), await guest.MemTotalAsync());
        monitor.Execute("object_add memory-backend-ram,id=mem5,size=128M");
        Assert.Equal("Error: no free slots available\n", monitor.Execute("device_add pc-dimm,id=dimm5,memdev=mem5"));

        // A cold-plugged DIMM goes like any other, and what it said on a file without a name goes with it.
        await guest.RemoveAsync(guest.Hotplug.GetDimm("dimm1"));
        Assert.Equal(before.TotalBytes + (9 * GiB / 4), await guest.MemTotalAsync());
    }
}
