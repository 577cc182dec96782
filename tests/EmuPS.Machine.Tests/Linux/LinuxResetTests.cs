using System;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Events;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>Requests to a guest that stands still for good or is reset before it has answered.</summary>
public sealed class LinuxResetTests(UnplugGuest guest) : IClassFixture<UnplugGuest>
{
    [LinuxFact]
    public async Task A_reset_half_way_through_a_removal_ends_the_request_and_the_DIMM_stays()
    {
        DimmInfo dimm = await guest.PlugAsync("half", 512, blocks: 4);
        ulong with = await guest.MemTotalAsync();
        await guest.RunAsync("mkdir -p /mnt; mount -t tmpfs -o size=400m tmpfs /mnt; head -c 300m /dev/zero > /mnt/data");
        long before = guest.Machine.Events.LastSequence;
        guest.Hotplug.RequestRemoval("half");
        await guest.Machine.Events.WaitAsync(e => EventText.Of(e).Contains("status=132", StringComparison.Ordinal), before, LinuxGuest.Limit);
        guest.Machine.Reset();
        await guest.ReadyAsync();
        Assert.DoesNotContain(guest.Heard(before), heard => heard.StartsWith("DEVICE_DELETED", StringComparison.Ordinal));
        Assert.Equal((dimm.Slot, dimm.Address, true), guest.Hotplug.GetDimm("half") is var now ? (now.Slot, now.Address, now.Hotplugged) : default);
        Assert.NotEqual(DimmState.UnplugPending, guest.Hotplug.GetDimm("half").State);
        Assert.Equal(with, await guest.MemTotalAsync());
        await guest.RemoveAsync(dimm);
    }

    [LinuxFact]
    public async Task A_halted_guest_answers_nothing_and_a_reset_keeps_the_request()
    {
        DimmInfo dimm = await guest.PlugAsync("halted", 128, blocks: 1);
        int console = guest.Machine.Console.Length;
        Task halting = guest.Machine.Agent.RunAsync("halt -f");
        Assert.NotNull(await guest.Machine.Console.WaitForAsync(new Regex("System halted"), console, LinuxGuest.Limit));
        guest.Hotplug.RequestRemoval("halted");
        Assert.Equal(DimmOutcomeKind.Pending, (await guest.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, TimeSpan.FromSeconds(0.2))).Kind);
        Assert.True(guest.Hotplug.Slots[dimm.Slot].RemovePending);
        guest.Machine.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => halting);
        await guest.ReadyAsync();
        Assert.Equal(DimmState.UnplugPending, guest.Hotplug.GetDimm("halted").State);
        Assert.Equal([32UL], await guest.OnlineBlocksAsync(dimm));
        DimmInfo next = await guest.PlugAsync("after", 128, blocks: 1);
        await guest.GoneAsync(dimm);
        await guest.RemoveAsync(next);
    }
}
