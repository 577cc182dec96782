using System;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

public sealed class VirtualMachineTests
{
    [Fact]
    public async Task SimulatedGuestBootsAndIdles()
    {
        using TestMachine test = new();
        Assert.Equal("prelaunch", test.Machine.RunStatus);

        await test.StartAsync();

        Assert.Equal(MachineState.Running, test.Machine.State);
        Assert.True(test.Machine.SimulatedGuest!.IsReady);
        Assert.DoesNotContain("FAULT", test.Machine.Console.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GuestWithoutSlotsSeesNone()
    {
        using TestMachine test = new("64M");
        await test.StartAsync();

        Assert.DoesNotContain("slot", test.Machine.Console.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HotAddIsAcceptedAndRemovalDeletesTheDimm()
    {
        using TestMachine test = new();
        await test.StartAsync();

        DimmInfo dimm = test.Plug("d1", "256M");
        DimmOutcome added = await test.WaitAsync(dimm, DimmGoal.Accepted);
        test.Machine.Hotplug.RequestRemoval("d1");
        DimmOutcome removed = await test.WaitAsync(dimm, DimmGoal.Removed);

        Assert.Equal(DimmOutcomeKind.Accepted, added.Kind);
        Assert.Equal(0x1_0000_0000UL, dimm.Address);
        Assert.Equal(DimmOutcomeKind.Removed, removed.Kind);
        Assert.Empty(test.Machine.Hotplug.Dimms);
        MachineEvent last = await test.Machine.Events.WaitAsync(
            e => e.Name == "ACPI_DEVICE_OST" && test.Machine.Events.Since(0).Any(d => d.Name == "DEVICE_DELETED" && d.Sequence < e.Sequence), 0, TestMachine.Limit);
        Assert.Equal(
            ["ACPI_DEVICE_OST", "ACPI_DEVICE_OST", "DEVICE_DELETED", "ACPI_DEVICE_OST"],
            test.Machine.Events.Since(0).Where(e => e.Sequence <= last.Sequence && e.Name != "RESUME").Select(e => e.Name));
    }

    [Fact]
    public async Task RefusedRemovalLeavesTheDimm()
    {
        using TestMachine test = new(change: options => options with { UnplugPolicy = SimulatedGuestPolicy.Refuse });
        await test.StartAsync();
        DimmInfo dimm = test.Plug("d1");
        await test.WaitAsync(dimm, DimmGoal.Accepted);

        test.Machine.Hotplug.RequestRemoval("d1");
        DimmOutcome outcome = await test.WaitAsync(dimm, DimmGoal.Removed);

        Assert.Equal(DimmOutcomeKind.Refused, outcome.Kind);
        Assert.Equal(0x82u, outcome.OstStatus);
        Assert.Single(test.Machine.Hotplug.Dimms);
    }

    [Fact]
    public async Task DimmThatIsThereFromTheStartIsSeenWithoutAnEvent()
    {
        using TestMachine test = new(change: options => options with
        {
            Backends = [new() { Id = "m", SizeBytes = 128 << 20 }],
            Dimms = [new() { Id = "d", BackendId = "m", Slot = 1 }],
        });

        await test.StartAsync();

        await test.SeesAsync("slot 01 present");
        Assert.False(Assert.Single(test.Machine.Hotplug.Dimms).Hotplugged);
        Assert.DoesNotContain(test.Machine.Events.Since(0), e => e.Name == "ACPI_DEVICE_OST");
    }

    [Fact]
    public async Task HeldGuestStandsStillAndAnswersAfterResume()
    {
        using TestMachine test = new();
        await test.StartAsync();

        test.Machine.Pause();
        TimeSpan uptime = test.Machine.Uptime;
        ulong retired = test.Machine.InstructionsRetired;
        DimmInfo dimm = test.Plug("d1");

        Assert.Equal(MachineState.Paused, test.Machine.State);
        Assert.Equal(uptime, test.Machine.Uptime);
        Assert.Equal(retired, test.Machine.InstructionsRetired);
        Assert.Equal(DimmState.Pending, test.Machine.Hotplug.GetDimm("d1").State);

        test.Machine.Resume();
        Assert.Equal(DimmOutcomeKind.Accepted, (await test.WaitAsync(dimm, DimmGoal.Accepted)).Kind);
        Assert.Equal(["RESUME", "STOP", "RESUME"], test.Machine.Events.Since(0).Select(e => e.Name).Where(name => name is "STOP" or "RESUME"));
    }

    [Fact]
    public async Task ResetBootsAgainAndKeepsDimms()
    {
        using TestMachine test = new();
        await test.StartAsync();
        DimmInfo dimm = test.Plug("d1");
        await test.WaitAsync(dimm, DimmGoal.Accepted);
        test.Machine.SimulatedGuest!.UnplugPolicy = SimulatedGuestPolicy.Ignore;
        int position = await test.SeesAsync("accepted");

        test.Machine.Reset();

        position = await test.SeesAsync("slot 00 present", position);
        await test.SeesAsync(GuestImage.ReadyMark, position);
        Assert.Equal(dimm.Address, Assert.Single(test.Machine.Hotplug.Dimms).Address);
        Assert.Equal(SimulatedGuestPolicy.Ignore, test.Machine.SimulatedGuest.UnplugPolicy);
        MachineEvent reset = Assert.Single(test.Machine.Events.Since(0), e => e.Name == "RESET");
        Assert.Equal("host-qmp-system-reset", reset.Data["reason"]);
        Assert.Equal(false, reset.Data["guest"]);
    }

    [Fact]
    public async Task PowerButtonShutsTheGuestDown()
    {
        using TestMachine test = new();
        await test.StartAsync();

        test.Machine.PressPowerButton();
        await test.EndsAsync();

        Assert.Equal(MachineState.Stopped, test.Machine.State);
        Assert.Equal(new MachineExit(MachineExit.GuestShutdown, true, 0), test.Machine.Exit);
        Assert.Equal(["POWERDOWN", "SHUTDOWN"], test.Machine.Events.Since(0).Select(e => e.Name).TakeLast(2));
        Assert.True(test.Machine.Console.IsCompleted);
        Assert.Contains("power button", test.Machine.Console.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PowerOffEndsAtOnceAndEverythingAfterwardsSaysSo()
    {
        using TestMachine test = new();
        await test.StartAsync();
        ulong retired = test.Machine.InstructionsRetired;

        test.Machine.PowerOff();

        Assert.Equal(MachineState.Stopped, test.Machine.State);
        Assert.Equal("host-qmp-quit", test.Machine.Exit!.Reason);
        Assert.True(test.Machine.InstructionsRetired >= retired);
        Assert.Equal(ErrorIds.MachineEnded, Assert.Throws<EngineException>(test.Machine.Pause).ErrorId);
        Assert.Equal(ErrorIds.MachineEnded, Assert.Throws<EngineException>(test.Machine.PressPowerButton).ErrorId);
        test.Machine.SerialConsole.Send("nobody listens"u8.ToArray());
        Assert.False(test.Machine.SimulatedGuest!.IsReady);
        test.Machine.PowerOff();
    }

    [Fact]
    public async Task SuspendedMachineWaitsForResume()
    {
        using TestMachine test = new(change: options => options with { StartSuspended = true });
        test.Machine.Start();
        Assert.Equal("prelaunch", test.Machine.RunStatus);
        Assert.Equal(0UL, test.Machine.InstructionsRetired);

        test.Machine.Resume();

        await test.SeesAsync(GuestImage.ReadyMark);
    }

    [Fact]
    public async Task TwoMachinesRunSideBySide()
    {
        using TestMachine first = new();
        using TestMachine second = new();
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        DimmInfo dimm = first.Plug("d1");
        await first.WaitAsync(dimm, DimmGoal.Accepted);

        Assert.Single(first.Machine.Hotplug.Dimms);
        Assert.Empty(second.Machine.Hotplug.Dimms);
        first.Machine.PowerOff();
        Assert.Equal(DimmOutcomeKind.Accepted, (await second.WaitAsync(second.Plug("d1"), DimmGoal.Accepted)).Kind);
    }

    [Fact]
    public async Task AllSlotsFillAndEmptyAgain()
    {
        using TestMachine test = new("64M,slots=16,maxmem=4G");
        await test.StartAsync();

        DimmInfo[] dimms = [.. Enumerable.Range(0, 16).Select(i => test.Plug($"d{i}", "64M"))];
        Assert.All(await Task.WhenAll(dimms.Select(dimm => test.WaitAsync(dimm, DimmGoal.Accepted))), o => Assert.Equal(DimmOutcomeKind.Accepted, o.Kind));
        foreach (DimmInfo dimm in dimms)
        {
            test.Machine.Hotplug.RequestRemoval(dimm.Id!);
        }

        Assert.All(await Task.WhenAll(dimms.Select(dimm => test.WaitAsync(dimm, DimmGoal.Removed))), o => Assert.Equal(DimmOutcomeKind.Removed, o.Kind));
        Assert.Equal(16, test.Machine.Hotplug.Summary.FreeSlots);
    }

    [Fact]
    public async Task ManyRoundsOfPlugAndUnplugLeaveNothing()
    {
        using TestMachine test = new();
        await test.StartAsync();
        for (int round = 0; round < 100; round++)
        {
            DimmInfo dimm = test.Plug("d1");
            Assert.Equal(DimmOutcomeKind.Accepted, (await test.WaitAsync(dimm, DimmGoal.Accepted)).Kind);
            test.Machine.Hotplug.RequestRemoval("d1");
            Assert.Equal(DimmOutcomeKind.Removed, (await test.WaitAsync(dimm, DimmGoal.Removed)).Kind);
            test.Machine.Hotplug.RemoveBackend("mem-d1");
        }

        Assert.Equal("pc.ram", Assert.Single(test.Machine.Hotplug.Backends).Id);
        Assert.Equal(100, test.Machine.Events.Since(0).Count(e => e.Name == "DEVICE_DELETED"));
    }

    [Fact]
    public void MachineThatCannotBeMadeSaysWhy()
    {
        MachineOptions good = new() { Memory = MemoryConfiguration.Parse("64M,slots=1,maxmem=1G"), Boot = BootOptions.Simulated };

        Assert.Equal(ErrorIds.BackendNotFound, Fails(good with { Dimms = [new() { BackendId = "none" }] }));
        Assert.Equal(ErrorIds.InvalidMemoryConfiguration, Fails(good with { Memory = new() { SizeBytes = 2 << 20, MaxSizeBytes = 1 << 20 } }));
        Assert.Equal(ErrorIds.InvalidNumaConfiguration, Fails(good with { NumaNodes = [new() { MemoryBytes = 1 << 20 }] }));
        Assert.Equal(ErrorIds.AddressSpaceTooSmall, Fails(good with { Memory = MemoryConfiguration.Parse("1G,slots=1,maxmem=64T") }));
        Assert.Equal(ErrorIds.CpuCountNotSupported, Fails(good with { CpuCount = 0 }));
        Assert.Equal(ErrorIds.CpuCountNotSupported, Fails(good with { CpuCount = 17 }));

        static string Fails(MachineOptions options) => Assert.Throws<EngineException>(() => VirtualMachine.Create(options)).ErrorId;
    }
}
