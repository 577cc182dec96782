using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Boot;
using EmuPS.Machine.Tests.MemoryBackends;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>Guests that run on memory whose file is truncated under them.</summary>
public sealed class MemoryLossOnMachineTests : IDisposable
{
    private const ulong DimmBytes = 4 << 20;
    private const int WatchedOffset = 0x3F_F004;
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-loss-").FullName;

    /// <summary>Maps the DIMM at 4 GiB with PAE, writes to its last page, prints R, spins until that reads as zero, prints Z after writing again, and loops.</summary>
    private static byte[] Watcher => GuestCode.Multiboot(
    [
        0xC7, 0x05, 0x00, 0x00, 0x20, 0x00, 0x01, 0x10, 0x20, 0x00, 0xC7, 0x05, 0x04, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
        0xC7, 0x05, 0x00, 0x10, 0x20, 0x00, 0x83, 0x00, 0x00, 0x00, 0xC7, 0x05, 0x04, 0x10, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
        0xC7, 0x05, 0x08, 0x10, 0x20, 0x00, 0x83, 0x00, 0x20, 0x00, 0xC7, 0x05, 0x0C, 0x10, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
        0xC7, 0x05, 0x10, 0x10, 0x20, 0x00, 0x83, 0x00, 0x00, 0x00, 0xC7, 0x05, 0x14, 0x10, 0x20, 0x00, 0x01, 0x00, 0x00, 0x00,
        0xC7, 0x05, 0x18, 0x10, 0x20, 0x00, 0x83, 0x00, 0x20, 0x00, 0xC7, 0x05, 0x1C, 0x10, 0x20, 0x00, 0x01, 0x00, 0x00, 0x00,
        0x0F, 0x20, 0xE0, 0x83, 0xC8, 0x20, 0x0F, 0x22, 0xE0, 0xB8, 0x00, 0x00, 0x20, 0x00, 0x0F, 0x22, 0xD8, 0x0F, 0x20, 0xC0,
        0x0D, 0x00, 0x00, 0x00, 0x80, 0x0F, 0x22, 0xC0, 0xC7, 0x05, 0x04, 0xF0, 0x7F, 0x00, 0x0D, 0xF0, 0x0D, 0x60, 0xB0, 0x52,
        0xE6, 0xE9, 0x83, 0x3D, 0x04, 0xF0, 0x7F, 0x00, 0x00, 0x75, 0xF7, 0xC7, 0x05, 0x04, 0xF0, 0x7F, 0x00, 0x0D, 0xF0, 0x0D,
        0x60, 0xB0, 0x5A, 0xE6, 0xE9, 0x41, 0xEB, 0xFD,
    ]);

    public void Dispose() => Directory.Delete(_folder, true);

    [LossTheory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task The_machine_stops_says_why_and_goes_on_when_told(bool translate, bool share)
    {
        using TestMachine test = Machine("a", translate, share);
        await SeesAsync(test, "R");

        Truncate("a");

        MachineEvent lost = await EventAsync(test.Machine, MemoryHotplugManager.MemoryLostEvent);
        Assert.Equal("stop", lost.Data["action"]);
        MachineEvent stop = await EventAsync(test.Machine, "STOP");
        Assert.True(stop.Sequence > lost.Sequence);
        await test.Machine.WaitForStateAsync(state => state == MachineState.Paused, TestMachine.Limit);
        Assert.Equal((true, DimmBytes), (test.Machine.Hotplug.GetBackend("a").IsLost, test.Machine.Hotplug.GetBackend("a").LostBytes));

        test.Machine.Resume();
        await SeesAsync(test, "Z");
        byte[] written = new byte[4];
        Assert.True(test.Machine.TryReadMemory(0x1_0000_0000 + WatchedOffset, written));
        Assert.Equal(0x600D_F00Du, BitConverter.ToUInt32(written));
        Assert.Equal(MachineState.Running, test.Machine.State);
    }

    [LossFact]
    public async Task Two_machines_lose_memory_at_once_and_each_does_as_its_policy_says()
    {
        using TestMachine first = Machine("a", translate: true, share: true, MemoryLossAction.Report);
        using TestMachine second = Machine("b", translate: true, share: false);
        using TestMachine third = Machine("c", translate: true, share: true);
        await Task.WhenAll(SeesAsync(first, "R"), SeesAsync(second, "R"), SeesAsync(third, "R"));

        Parallel.Invoke(() => Truncate("a"), () => Truncate("b"));

        await SeesAsync(first, "Z");
        Assert.Equal("report", (await EventAsync(first.Machine, MemoryHotplugManager.MemoryLostEvent)).Data["action"]);
        Assert.Equal("b", (await EventAsync(second.Machine, MemoryHotplugManager.MemoryLostEvent)).Data["id"]);
        await second.Machine.WaitForStateAsync(state => state == MachineState.Paused, TestMachine.Limit);
        Assert.Equal([MachineState.Running, MachineState.Running], [first.Machine.State, third.Machine.State]);
        Assert.DoesNotContain(third.Machine.Events.Since(0), e => e.Name == MemoryHotplugManager.MemoryLostEvent);
    }

    [LossFact]
    public async Task The_simulated_guest_gives_a_lost_dimm_back_and_its_backend_can_be_removed()
    {
        using TestMachine test = new(change: options => options with { OnMemoryLoss = MemoryLossAction.Report });
        await test.StartAsync();
        test.Machine.Hotplug.AddBackend(Backend("a", 128 << 20, share: true));
        DimmInfo dimm = test.Machine.Hotplug.AddDimm(new() { Id = "d", BackendId = "a" });
        await test.WaitAsync(dimm, DimmGoal.Accepted);

        Truncate("a");
        Assert.True(test.Machine.TryReadMemory(dimm.Address + 4096, new byte[8192]));
        await EventAsync(test.Machine, MemoryHotplugManager.MemoryLostEvent);
        test.Machine.Hotplug.RequestRemoval("d");
        Assert.Equal(DimmOutcomeKind.Removed, (await test.WaitAsync(dimm, DimmGoal.Removed)).Kind);
        test.Machine.Hotplug.RemoveBackend("a");
        Assert.Equal(["pc.ram"], test.Machine.Hotplug.Backends.Select(backend => backend.Id));
    }

    [LinuxFact]
    public async Task Debian_lives_on_when_the_file_of_a_dimm_that_holds_its_files_is_truncated()
    {
        const ulong Size = 256 << 20;
        CancellationToken limit = new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token;
        GuestImage image = new GuestImageStore().GetRequired();
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "debian",
            Memory = MemoryConfiguration.Parse("256M,slots=2,maxmem=2G"),
            NumaNodes = [new NumaNodeOptions { NodeId = 0, MemoryBytes = 256 << 20, Cpus = [0] }, new NumaNodeOptions { NodeId = 1 }],
            Boot = new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = GuestImage.DefaultCommandLine },
        });
        machine.Start();
        await machine.Agent.WaitReadyAsync(limit);
        machine.Hotplug.AddBackend(Backend("a", Size, share: true));
        DimmInfo dimm = machine.Hotplug.AddDimm(new() { Id = "d", BackendId = "a", Node = 1 });
        Assert.Equal(DimmOutcomeKind.Accepted, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Accepted, TimeSpan.FromMinutes(5), limit)).Kind);

        // A file system whose contents lie on the DIMM's node alone; the kernel and its programs stay on the other node.
        await RunAsync("while ! grep -q online /sys/devices/system/memory/memory32/state; do sleep 0.1; done; mkdir /lost; mount -t tmpfs -o mpol=bind:1,size=200m none /lost");
        await RunAsync("tr '\\0' x < /dev/zero | dd of=/lost/file bs=1M count=100 iflag=fullblock 2>&1");
        Assert.Equal("104857600", await RunAsync("tr -d '\\0' < /lost/file | wc -c"));

        Truncate("a");
        Task<string> left = RunAsync("tr -d '\\0' < /lost/file | wc -c");
        await EventAsync(machine, MemoryHotplugManager.MemoryLostEvent);
        await machine.WaitForStateAsync(state => state == MachineState.Paused, limit);
        machine.Resume();
        Assert.Equal("0", await left);

        await RunAsync("umount /lost");
        machine.Hotplug.RequestRemoval("d");
        Assert.Equal(DimmOutcomeKind.Removed, (await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, TimeSpan.FromMinutes(5), limit)).Kind);
        machine.Hotplug.RemoveBackend("a");
        machine.PressPowerButton();
        await machine.WaitForStateAsync(state => state is MachineState.Stopped or MachineState.Failed, limit);
        Assert.Equal(new MachineExit(MachineExit.GuestShutdown, true, 0), machine.Exit);

        async Task<string> RunAsync(string command)
        {
            GuestCommandResult result = await machine.Agent.RunAsync(command, cancellationToken: limit);
            Assert.True(result.ExitCode == 0, result.Output);
            return result.Output.Trim();
        }
    }

    private TestMachine Machine(string file, bool translate, bool share, MemoryLossAction action = MemoryLossAction.Stop)
    {
        string kernel = Path.Combine(_folder, "kernel-" + file);
        File.WriteAllBytes(kernel, Watcher);
        TestMachine test = new(change: options => options with
        {
            Boot = new BootOptions { KernelPath = kernel },
            Translate = translate,
            HasDebugConsole = true,
            OnMemoryLoss = action,
            Backends = [Backend(file, DimmBytes, share)],
            Dimms = [new PcDimmOptions { Id = "d", BackendId = file }],
        });
        test.Machine.Start();
        return test;
    }

    private MemoryBackendOptions Backend(string file, ulong size, bool share) =>
        new() { Id = file, Kind = MemoryBackendKind.File, SizeBytes = size, Path = Path.Combine(_folder, file), Share = share };

    private void Truncate(string file)
    {
        using FileStream stream = new(Path.Combine(_folder, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
    }

    private static async Task SeesAsync(TestMachine test, string text)
    {
        (string Text, int Position)? seen = await test.Machine.DebugConsole.WaitForAsync(new Regex(text), 0, TestMachine.Limit);
        Assert.True(seen.HasValue, test.Machine.Exit?.Report);
    }

    private static Task<MachineEvent> EventAsync(VirtualMachine machine, string name) => machine.Events.WaitAsync(e => e.Name == name, 0, TestMachine.Limit);
}
