using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>What becomes of DIMMs: placement, the handshake with the guest, events, waiting.</summary>
public sealed class HotplugStateTests
{
    private const ulong MiB = HotplugRig.MiB;
    private const ulong GiB = HotplugRig.GiB;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public void Slots_and_addresses_are_chosen_as_qemu_chooses_them()
    {
        using HotplugRig rig = new("1G,slots=4,maxmem=8G");
        rig.Dimm("a", GiB);
        rig.Dimm("b", 512 * MiB, slot: 2);
        rig.Dimm("c", GiB);
        Assert.Equal([(0, 0x1_0000_0000UL), (2, 0x1_4000_0000UL), (1, 0x1_6000_0000UL)], rig.Manager.Dimms.Select(d => (d.Slot, d.Address)));
        rig.Guest.Scan();
        rig.Manager.RequestRemoval("b");
        rig.Guest.Scan();
        Assert.Equal((2, 0x1_4000_0000UL), (rig.Dimm("d", 256 * MiB) is var d ? (d.Slot, d.Address) : default));
    }

    [Fact]
    public void A_plugged_dimm_is_in_the_guests_memory_and_announced()
    {
        using HotplugRig rig = new();
        DimmInfo dimm = rig.Dimm("d", 128 * MiB);
        Assert.Equal((true, DimmState.Pending, 1), (dimm.Hotplugged, dimm.State, rig.Host.GpeCount));
        Assert.Equal(3u, rig.Guest.Read(0, 0x14));
        byte[] data = [1, 2, 3];
        Assert.True(rig.Host.Memory.TryWrite(0x1_07FF_FFFD, data));
        Assert.False(rig.Host.Memory.TryWrite(0x1_0800_0000, data));
        rig.Guest.Scan();
        Assert.Equal(DimmState.Accepted, rig.Manager.GetDimm("d").State);
        Assert.Equal(["ACPI_DEVICE_OST device=d source=1 status=0 slot=0 slot-type=DIMM"], rig.Heard);
    }

    [Fact]
    public async Task A_dimm_plugged_before_the_guest_listens_is_found_at_boot()
    {
        using HotplugRig rig = new();
        rig.Host.IsMemoryGpeEnabled = false;
        DimmInfo dimm = rig.Dimm("d", 128 * MiB);
        Task<DimmOutcome> wait = rig.Manager.WaitForDimmAsync(dimm, DimmGoal.Accepted, Long);
        Assert.False(wait.IsCompleted);
        rig.Host.IsMemoryGpeEnabled = true;
        rig.Manager.OnGuestBooted();
        Assert.Equal((DimmOutcomeKind.Accepted, DimmState.Present), ((await wait).Kind, rig.Manager.GetDimm("d").State));
        // It is announced still, as with QEMU, and a scan looks at one event of a slot: who waits does so for both.
        rig.Manager.RequestRemoval("d");
        Task<DimmOutcome> removal = rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, Long);
        rig.Guest.Scan();
        Assert.Equal((DimmState.UnplugPending, 3), (rig.Manager.GetDimm("d").State, rig.Host.GpeCount));
        rig.Guest.Scan();
        Assert.Equal(DimmOutcomeKind.Removed, (await removal).Kind);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_dimm_of_which_the_guest_will_still_hear_is_left_to_it(bool enabled, bool raised)
    {
        using HotplugRig rig = new();
        rig.Host.IsMemoryGpeEnabled = enabled;
        rig.Host.IsMemoryGpeRaised = raised;
        rig.Dimm("d", 128 * MiB);
        rig.Manager.OnGuestBooted();
        Assert.Equal(DimmState.Pending, rig.Manager.GetDimm("d").State);
        rig.Guest.Scan();
        Assert.Equal(DimmState.Accepted, rig.Manager.GetDimm("d").State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_asked_for_before_the_guest_listens_is_announced_again_to_who_waits(bool waitsBefore)
    {
        using HotplugRig rig = new();
        rig.Host.HasStarted = false;
        rig.Dimm("d", 128 * MiB);
        rig.Host.HasStarted = true;
        rig.Host.IsMemoryGpeEnabled = false;
        rig.Manager.RequestRemoval("d");
        Task<DimmOutcome>? wait = waitsBefore ? rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, Long) : null;
        rig.Host.IsMemoryGpeEnabled = true;
        Assert.Equal(1, rig.Host.GpeCount);
        rig.Manager.OnGuestBooted();
        Assert.Equal(waitsBefore ? 2 : 1, rig.Host.GpeCount);
        wait ??= rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, Long);
        Assert.Equal(2, rig.Host.GpeCount);
        _ = rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, Long);
        Assert.Equal(2, rig.Host.GpeCount);
        rig.Guest.Scan();
        Assert.Equal(DimmOutcomeKind.Removed, (await wait).Kind);
    }

    [Fact]
    public void Removal_gives_the_events_of_qemu_in_its_order()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Guest.Scan();
        Assert.Equal(DimmState.UnplugPending, rig.Manager.RequestRemoval("d").State);
        rig.Guest.Scan();
        Assert.Equal(
            [
                "ACPI_DEVICE_OST device=d source=1 status=0 slot=0 slot-type=DIMM",
                "ACPI_DEVICE_OST device=d source=3 status=132 slot=0 slot-type=DIMM",
                "DEVICE_DELETED device=d path=/machine/peripheral/d",
                "ACPI_DEVICE_OST source=3 status=0 slot=0 slot-type=DIMM",
            ],
            rig.Heard);
        Assert.Empty(rig.Manager.Dimms);
        Assert.Empty(rig.Host.Memory.Map.Ram);
        Assert.False(rig.Manager.GetBackend("mem-d").IsInUse);
        Assert.Equal((3u, 0u), (rig.Manager.Slots[0].OstSource, rig.Manager.Slots[0].OstStatus));
    }

    [Fact]
    public void A_freed_backend_still_holds_what_the_guest_wrote()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Host.Memory.TryWrite(0x1_0000_0000, [42]);
        rig.Guest.Eject(0);
        DimmInfo again = rig.Manager.AddDimm(new PcDimmOptions { Id = "e", BackendId = "mem-d", Address = 0x1_4000_0000 });
        byte[] seen = new byte[1];
        Assert.True(rig.Host.Memory.TryRead(again.Address, seen));
        Assert.Equal(42, seen[0]);
    }

    [Fact]
    public void A_refusal_is_told_by_the_status_alone_and_a_later_request_can_succeed()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Guest.Scan();
        rig.Guest.Refusal = 0x82;
        rig.Manager.RequestRemoval("d");
        rig.Guest.Scan();
        DimmInfo refused = rig.Manager.GetDimm("d");
        Assert.Equal((DimmState.Accepted, 3u, 0x82u), (refused.State, refused.OstSource!.Value, refused.OstStatus!.Value));
        Assert.Equal("ACPI_DEVICE_OST device=d source=3 status=130 slot=0 slot-type=DIMM", rig.Heard.Last());
        rig.Guest.Refusal = null;
        rig.Manager.RequestRemoval("d");
        rig.Guest.Scan();
        Assert.Empty(rig.Manager.Dimms);
    }

    [Fact]
    public void A_slot_with_both_events_gets_the_insertion_first()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Manager.RequestRemoval("d");
        rig.Guest.Scan();
        Assert.Equal((true, DimmState.UnplugPending), (rig.Manager.Slots[0].RemovePending, rig.Manager.GetDimm("d").State));
        rig.Guest.Scan();
        Assert.Empty(rig.Manager.Dimms);
    }

    [Fact]
    public void A_repeated_request_is_sent_again()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Manager.RequestRemoval("d");
        rig.Manager.RequestRemoval("/machine/peripheral/d");
        Assert.Equal(3, rig.Host.GpeCount);
    }

    [Fact]
    public void A_reset_keeps_dimms_and_raw_events_and_forgets_what_the_guest_forgot()
    {
        using HotplugRig rig = new();
        rig.Dimm("a", 128 * MiB);
        rig.Dimm("b", 128 * MiB);
        rig.Guest.Scan();
        rig.Manager.RequestRemoval("a");
        rig.Guest.Write(0, 0x14, 4);
        rig.Manager.RequestRemoval("b");
        rig.Manager.OnMachineReset();
        Assert.Equal([DimmState.Accepted, DimmState.UnplugPending], rig.Manager.Dimms.Select(d => d.State));
        Assert.True(rig.Manager.Slots[1].RemovePending);
    }

    [Fact]
    public void An_event_that_outlived_its_dimm_hits_the_next_one()
    {
        using HotplugRig rig = new();
        rig.Dimm("a", 128 * MiB);
        rig.Manager.RequestRemoval("a");
        rig.Guest.Eject(0);
        Assert.Equal(DimmState.UnplugPending, rig.Dimm("b", 128 * MiB).State);
        rig.Guest.Scan();
        rig.Guest.Scan();
        Assert.Empty(rig.Manager.Dimms);
    }

    [Fact]
    public void A_guest_may_eject_of_its_own_accord()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Guest.Scan();
        rig.Guest.Unplug(0, 0x103);
        Assert.Equal(
            ["ACPI_DEVICE_OST device=d source=259 status=132 slot=0 slot-type=DIMM", "DEVICE_DELETED device=d path=/machine/peripheral/d", "ACPI_DEVICE_OST source=259 status=0 slot=0 slot-type=DIMM"],
            rig.Heard.Skip(1));
    }

    [Fact]
    public void A_device_without_an_id_goes_by_its_path()
    {
        using HotplugRig rig = new();
        rig.Backend("m", 128 * MiB);
        Assert.Throws<EngineException>(() => rig.Manager.AddDimm(new PcDimmOptions { BackendId = "nosuch" }));
        DimmInfo dimm = rig.Manager.AddDimm(new PcDimmOptions { BackendId = "m" });
        Assert.Equal(("/machine/peripheral-anon/device[1]", null), (dimm.Path, dimm.Id));
        rig.Manager.RequestRemoval(dimm.Path);
        rig.Guest.Scan();
        rig.Guest.Scan();
        Assert.Contains("DEVICE_DELETED path=/machine/peripheral-anon/device[1]", rig.Heard);
    }

    [Fact]
    public void A_failing_eject_keeps_the_dimm_and_raises_both_errors()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Host.Failure = new InvalidOperationException("no safe point");
        rig.Guest.Eject(0);
        Assert.Equal(["MEM_UNPLUG_ERROR device=d msg=no safe point", "DEVICE_UNPLUG_GUEST_ERROR device=d path=/machine/peripheral/d"], rig.Heard);
        Assert.Single(rig.Manager.Dimms);
    }

    [Fact]
    public async Task Waiting_ends_in_removed_refused_or_pending()
    {
        using HotplugRig rig = new();
        DimmInfo removed = rig.Dimm("a", 128 * MiB);
        DimmInfo refused = rig.Dimm("b", 128 * MiB);
        DimmInfo silent = rig.Dimm("c", 128 * MiB);
        Task<DimmOutcome> accepted = rig.Manager.WaitForDimmAsync(removed, DimmGoal.Accepted, Long);
        rig.Guest.Scan();
        Assert.Equal((DimmOutcomeKind.Accepted, 1u, 0u), await accepted is var o ? (o.Kind, o.OstSource!.Value, o.OstStatus!.Value) : default);

        rig.Manager.RequestRemoval("a");
        rig.Manager.RequestRemoval("b");
        Task<DimmOutcome> removal = rig.Manager.WaitForDimmAsync(removed, DimmGoal.Removed, Long);
        rig.Guest.Write(0, 0x14, 4);
        rig.Guest.Unplug(0, 3);
        rig.Guest.Refusal = 0x82;
        rig.Guest.Scan();
        rig.Manager.RequestRemoval("c");
        Assert.Equal((DimmOutcomeKind.Removed, DimmState.Removed), await removal is var r ? (r.Kind, r.Dimm.State) : default);
        // The refusal came before anyone waited.
        DimmOutcome late = await rig.Manager.WaitForDimmAsync(refused, DimmGoal.Removed, Long);
        Assert.Equal((DimmOutcomeKind.Refused, 3u, 0x82u), (late.Kind, late.OstSource!.Value, late.OstStatus!.Value));
        DimmOutcome pending = await rig.Manager.WaitForDimmAsync(silent, DimmGoal.Removed, TimeSpan.Zero);
        Assert.Equal((DimmOutcomeKind.Pending, DimmState.UnplugPending), (pending.Kind, pending.Dimm.State));
    }

    [Fact]
    public async Task A_removal_that_was_faster_than_the_wait_tells_the_guests_answer_to_it()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 128 * MiB);
        rig.Guest.Scan();
        DimmInfo asked = rig.Manager.RequestRemoval("d");
        Assert.Equal((1u, 0u), (asked.OstSource, asked.OstStatus));
        rig.Guest.Scan();
        DimmOutcome gone = await rig.Manager.WaitForDimmAsync(asked, DimmGoal.Removed, Long);
        Assert.Equal((DimmOutcomeKind.Removed, 3u, 0x84u), (gone.Kind, gone.OstSource, gone.OstStatus));
    }

    [Fact]
    public async Task What_is_gone_satisfies_removed_at_once_and_what_never_was_is_an_error()
    {
        using HotplugRig rig = new();
        DimmInfo first = rig.Dimm("d", 128 * MiB);
        rig.Guest.Eject(0);
        Assert.Equal(DimmOutcomeKind.Removed, (await rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, Long)).Kind);
        rig.Manager.AddDimm(new PcDimmOptions { Id = "d", BackendId = "mem-d" });
        // The same name, but not the same DIMM.
        Assert.Equal(DimmOutcomeKind.Removed, (await rig.Manager.WaitForDimmAsync(first, DimmGoal.Removed, Long)).Kind);
        Assert.Equal(DimmOutcomeKind.Pending, (await rig.Manager.WaitForDimmAsync("d", DimmGoal.Removed, TimeSpan.Zero)).Kind);
        await Assert.ThrowsAsync<EngineException>(() => rig.Manager.WaitForDimmAsync("never", DimmGoal.Removed, Long));
    }

    [Fact]
    public async Task Settled_means_that_no_answer_is_outstanding()
    {
        using HotplugRig rig = new();
        rig.Host.HasStarted = false;
        DimmInfo cold = rig.Dimm("cold", 128 * MiB);
        rig.Host.HasStarted = true;
        DimmInfo hot = rig.Dimm("hot", 128 * MiB);
        Assert.Equal(DimmOutcomeKind.Accepted, (await rig.Manager.WaitForDimmAsync(cold, DimmGoal.Settled, Long)).Kind);
        Task<DimmOutcome> settled = rig.Manager.WaitForDimmAsync(hot, DimmGoal.Settled, Long);
        Assert.False(settled.IsCompleted);
        rig.Guest.InsertStatus = 0x81;
        rig.Guest.Scan();
        Assert.Equal((DimmOutcomeKind.Refused, DimmState.Rejected), await settled is var o ? (o.Kind, o.Dimm.State) : default);
    }

    [Fact]
    public async Task The_end_of_the_machine_ends_waiting_and_cancelling_ends_only_the_wait()
    {
        HotplugRig rig = new();
        DimmInfo dimm = rig.Dimm("d", 128 * MiB);
        using CancellationTokenSource cancellation = new();
        Task<DimmOutcome> cancelled = rig.Manager.WaitForDimmAsync(dimm, DimmGoal.Accepted, Timeout.InfiniteTimeSpan, cancellation.Token);
        Task<DimmOutcome> ended = rig.Manager.WaitForDimmAsync(dimm, DimmGoal.Accepted, Timeout.InfiniteTimeSpan);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(ended.IsCompleted);
        rig.Dispose();
        Assert.Equal(ErrorIds.MachineEnded, (await Assert.ThrowsAsync<EngineException>(() => ended)).ErrorId);
        rig.Dispose();
    }

    [Fact]
    public async Task The_backend_can_go_with_its_dimm()
    {
        using HotplugRig rig = new();
        DimmInfo dimm = rig.Dimm("d", 128 * MiB);
        rig.Guest.Scan();
        rig.Manager.RequestRemoval("d", removeBackend: true);
        rig.Guest.Scan();
        await rig.Manager.WaitForDimmAsync(dimm, DimmGoal.Removed, Long);
        Assert.Empty(rig.Manager.Backends);
    }

    [Fact]
    public void Generated_ids_are_the_lowest_free_ones_and_never_given_twice()
    {
        using HotplugRig rig = new("1G,slots=256,maxmem=64G");
        Parallel.For(0, 64, _ => rig.Manager.AddBackend(new MemoryBackendOptions { SizeBytes = 2 * MiB }));
        Assert.Equal(64, rig.Manager.Backends.Count);
        Assert.Contains(rig.Manager.Backends, b => b.Id == "mem63");
        Parallel.For(0, 64, n => rig.Manager.AddDimm(new PcDimmOptions { GenerateId = true, BackendId = $"mem{n}" }));
        Assert.Equal(Enumerable.Range(0, 64).Select(n => $"dimm{n}").Order(), rig.Manager.Dimms.Select(d => d.Id!).Order());
        Assert.Equal(64, rig.Manager.Dimms.Select(d => d.Slot).Distinct().Count());
    }

    [Fact]
    public void Two_hundred_and_fifty_six_dimms_fit_and_are_counted()
    {
        using HotplugRig rig = new("1G,slots=256,maxmem=257G");
        for (int n = 0; n < 256; n++)
        {
            rig.Dimm($"d{n}", GiB);
        }

        Assert.Equal(new MemorySizeSummary(GiB, 256 * GiB, 257 * GiB, 256, 0), rig.Manager.Summary);
        Assert.Equal(0UL, rig.Manager.Summary.FreeBytes);
        Assert.Equal(256, rig.Host.Memory.Map.Ram.Count);
    }

    [Fact]
    public void Nodes_reach_the_guest()
    {
        using HotplugRig rig = new(nodes: 3);
        rig.Backend("m", 128 * MiB);
        rig.Manager.AddDimm(new PcDimmOptions { BackendId = "m", Node = 2 });
        Assert.Equal(2u, rig.Guest.Read(0, 0x10));
    }
}
