using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>Debian's own kernel on several processors.</summary>
public sealed class LinuxMultiprocessorTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    [LinuxFact]
    public Task TwoProcessorsWorkWhileMemoryComesAndGoes() => LiveAsync(2, translate: true);

    [LinuxFact]
    public Task FourProcessorsWorkWhileMemoryComesAndGoes() => LiveAsync(4, translate: true);

    [LinuxFact]
    public Task EightProcessorsWorkOnAHostWithFewer() => LiveAsync(8, translate: true);

    [LinuxFact]
    public Task TwoProcessorsDoTheSameInterpreted() => LiveAsync(2, translate: false);

    private static async Task LiveAsync(int count, bool translate)
    {
        CancellationToken limit = new CancellationTokenSource(s_limit).Token;
        GuestImage image = new GuestImageStore().GetRequired();
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "debian-smp",
            CpuCount = count,
            Translate = translate,
            Memory = MemoryConfiguration.Parse("256M,slots=2,maxmem=2G"),
            Boot = new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = GuestImage.DefaultCommandLine },
        });
        machine.Start();
        try
        {
            await machine.Agent.WaitReadyAsync(limit);
            Assert.Equal(count.ToString(CultureInfo.InvariantCulture), await RunAsync("nproc"));
            Assert.Equal(count.ToString(CultureInfo.InvariantCulture), await RunAsync("grep -c ^processor /proc/cpuinfo"));

            // Field 39 of stat is the processor that runs the process.
            string pinned = await RunAsync($"for c in $(seq 0 {count - 1}); do taskset $(printf %x $((1<<c))) cut -d' ' -f39 /proc/self/stat; done");
            Assert.Equal(Enumerable.Range(0, count), pinned.Split('\n').Select(int.Parse));

            // Each job hashes the same bytes, so every processor must come to the same sum, whatever the others do. The naps leave the agent's shell its turn on a slow host.
            await RunAsync("dd if=/dev/urandom of=/tmp/data bs=64k count=4 2>/dev/null; rm -f /tmp/stop; "
                + $"for i in $(seq {2 * count}); do (while [ ! -e /tmp/stop ]; do md5sum < /tmp/data | cut -d' ' -f1 >> /tmp/sums.$i; sleep 0.1; done) > /dev/null 2>&1 & done");
            for (int round = 0; round < 2; round++)
            {
                machine.Hotplug.AddBackend(new() { Id = "m", SizeBytes = 128 << 20 });
                DimmInfo dimm = machine.Hotplug.AddDimm(new() { Id = "d", BackendId = "m" });
                Assert.Equal(DimmOutcomeKind.Accepted, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Accepted, s_limit, limit)).Kind);
                machine.Hotplug.RequestRemoval("d");
                Assert.Equal(DimmOutcomeKind.Removed, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, s_limit, limit)).Kind);
                machine.Hotplug.RemoveBackend("m");
                machine.Pause();
                machine.Resume();
            }

            await RunAsync("touch /tmp/stop; sleep 1");
            Assert.Equal("1", await RunAsync("cat /tmp/sums.* | sort -u | wc -l"));

            machine.Reset();
            await machine.Agent.WaitReadyAsync(limit);
            Assert.Equal(count.ToString(CultureInfo.InvariantCulture), await RunAsync("nproc"));
            machine.PressPowerButton();
            await machine.WaitForStateAsync(state => state is MachineState.Stopped or MachineState.Failed, limit);
            Assert.Equal(new MachineExit(MachineExit.GuestShutdown, true, 0), machine.Exit);
            string console = machine.Console.Read();
            Assert.DoesNotContain("Call Trace", console, StringComparison.Ordinal);
            Assert.DoesNotContain("ACPI Error", console, StringComparison.Ordinal);
        }
        catch (OperationCanceledException)
        {
            string state = machine.State is MachineState.Running or MachineState.Paused ? machine.DescribeProcessor() : machine.Exit?.Report ?? string.Empty;
            throw new TimeoutException($"Too slow or hung. Console:\n{machine.Console.Read()}\n{state}");
        }

        async Task<string> RunAsync(string command) => (await machine.Agent.RunAsync(command, cancellationToken: limit)).Output.Trim();
    }
}
