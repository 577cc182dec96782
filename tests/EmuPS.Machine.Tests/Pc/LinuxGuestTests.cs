using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>Debian's own kernel on our PC.</summary>
public sealed class LinuxGuestTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [LinuxFact]
    public Task DebianBootsTakesMemoryGivesItBackResetsAndShutsDown() => LiveAsync(translate: true);

    [LinuxFact]
    public Task DebianDoesTheSameInterpreted() => LiveAsync(translate: false);

    private static async Task LiveAsync(bool translate)
    {
        CancellationToken limit = new CancellationTokenSource(s_limit).Token;
        GuestImage image = new GuestImageStore().GetRequired();
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "debian",
            Translate = translate,
            Memory = MemoryConfiguration.Parse("256M,slots=2,maxmem=2G"),
            Boot = new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = GuestImage.DefaultCommandLine },
        });
        machine.Start();
        await machine.Agent.WaitReadyAsync(limit);
        ulong before = await MemoryAsync();

        machine.Hotplug.AddBackend(new() { Id = "m", SizeBytes = 512 << 20 });
        DimmInfo dimm = machine.Hotplug.AddDimm(new() { Id = "d", BackendId = "m" });
        Assert.Equal(DimmOutcomeKind.Accepted, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Accepted, s_limit, limit)).Kind);
        await machine.Agent.RunAsync("while ! grep -q online /sys/devices/system/memory/memory35/state; do sleep 0.1; done", cancellationToken: limit);
        ulong grown = await MemoryAsync();
        Assert.Equal(512UL << 10, grown - before);

        machine.Reset();
        await machine.Agent.WaitReadyAsync(limit);
        Assert.Equal(grown, await MemoryAsync());

        machine.Hotplug.RequestRemoval("d");
        Assert.Equal(DimmOutcomeKind.Removed, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, s_limit, limit)).Kind);
        MachineEvent last = await machine.Events.WaitAsync(
            e => e.Name == "ACPI_DEVICE_OST" && machine.Events.Since(0).Any(d => d.Name == "DEVICE_DELETED" && d.Sequence < e.Sequence), 0, limit);
        Assert.DoesNotContain("device", ((System.Collections.Generic.IReadOnlyDictionary<string, object?>)last.Data["info"]!).Keys);
        Assert.InRange(await MemoryAsync(), before - 4096, before + 4096);

        machine.PressPowerButton();
        await machine.WaitForStateAsync(state => state is MachineState.Stopped or MachineState.Failed, limit);
        Assert.Equal(new MachineExit(MachineExit.GuestShutdown, true, 0), machine.Exit);
        Assert.DoesNotContain("ACPI Error", machine.Console.Read(), StringComparison.Ordinal);

        async Task<ulong> MemoryAsync()
        {
            GuestCommandResult result = await machine.Agent.RunAsync("awk '/MemTotal/ { print $2 }' /proc/meminfo", cancellationToken: limit);
            return ulong.Parse(result.Output, CultureInfo.InvariantCulture);
        }
    }
}
