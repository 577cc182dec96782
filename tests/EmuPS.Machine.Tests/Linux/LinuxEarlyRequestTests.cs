using System;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>Requests to a guest that is not up yet.</summary>
public sealed class LinuxEarlyRequestTests(EarlyRequestGuest guest) : IClassFixture<EarlyRequestGuest>
{
    [LinuxFact]
    public async Task What_was_asked_for_before_the_boot_happens_at_the_next_events()
    {
        Assert.Equal(DimmState.UnplugPending, guest.Hotplug.GetDimm("early").State);
        Assert.Equal([32UL], await guest.OnlineBlocksAsync(guest.Early));
        Assert.DoesNotContain(guest.Heard(0), heard => heard.StartsWith("ACPI_DEVICE_OST", StringComparison.Ordinal));

        // A slot with both events gets the insertion first; QEMU 7.2 with this kernel does the same.
        DimmInfo next = await guest.PlugAsync("next", 128, blocks: 1);
        Assert.Contains("ACPI_DEVICE_OST device=early source=1 status=0 slot=0 slot-type=DIMM", guest.Heard(0));
        Assert.Equal(DimmState.UnplugPending, guest.Hotplug.GetDimm("early").State);
        DimmInfo third = await guest.PlugAsync("third", 128, blocks: 1);
        await guest.GoneAsync(guest.Early);
        await guest.RemoveAsync(next);
        await guest.RemoveAsync(third);
    }
}
