using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Tests.Events;
using Xunit;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>A booted Debian guest that the tests of a class share. Without a guest image there is none, and the tests are skipped.</summary>
/// <param name="options">The machine, in QEMU's words.</param>
/// <param name="append">What follows the image's own kernel command line.</param>
public abstract class LinuxGuest(string options, string append = "") : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private VirtualMachine? _machine;

    /// <summary>The machine.</summary>
    public VirtualMachine Machine => _machine ?? throw new InvalidOperationException("There is no guest image.");

    /// <summary>The memory hotplug of the machine.</summary>
    public MemoryHotplugManager Hotplug => Machine.Hotplug;

    /// <summary>Ends a wait that takes unreasonably long.</summary>
    public static CancellationToken Limit => new CancellationTokenSource(s_limit).Token;

    /// <summary>Makes the machine and boots it.</summary>
    public async Task InitializeAsync()
    {
        if (new GuestImageStore().Get() is not { } image)
        {
            return;
        }

        QemuCommandLine line = QemuCommandLine.Parse(options);
        _machine = VirtualMachine.Create(new MachineOptions
        {
            Name = GetType().Name,
            Memory = line.Memory!,
            NumaNodes = line.NumaNodes,
            Backends = line.Backends,
            Dimms = line.Dimms,
            Boot = new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = $"{GuestImage.DefaultCommandLine} {append}" },
        });
        await BootAsync();
    }

    /// <summary>Ends the machine.</summary>
    public virtual Task DisposeAsync()
    {
        _machine?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Runs a script in the guest, which must succeed.</summary>
    public async Task<string> RunAsync(string script)
    {
        GuestCommandResult result = await Machine.Agent.RunAsync(script, cancellationToken: Limit);
        Assert.True(result.ExitCode == 0, $"'{script}' ended with {result.ExitCode}: {result.Output}{result.ErrorOutput}");
        return result.Output.TrimEnd('\n');
    }

    /// <summary>The guest's MemTotal in bytes.</summary>
    public async Task<ulong> MemTotalAsync() => (await MemoryAsync()).TotalBytes;

    /// <summary>The guest's view of its memory.</summary>
    public Task<GuestMemoryInfo> MemoryAsync() => GuestMemoryInfo.ReadAsync(Machine.Agent, cancellationToken: Limit);

    /// <summary>The numbers of the blocks of a DIMM that are online.</summary>
    public async Task<IReadOnlyList<ulong>> OnlineBlocksAsync(DimmInfo dimm) =>
        [.. (await MemoryAsync()).Blocks.Where(block => block.IsOnline && block.Address >= dimm.Address && block.Address < dimm.Address + dimm.SizeBytes).Select(block => block.Index)];

    /// <summary>Sets what the guest does with memory that appears.</summary>
    public Task PolicyAsync(string policy) => RunAsync($"echo {policy} > /sys/devices/system/memory/auto_online_blocks");

    /// <summary>Makes a backend and a DIMM.</summary>
    public DimmInfo Plug(string id, ulong mebibytes, uint node = 0)
    {
        Hotplug.AddBackend(new() { Id = "mem-" + id, SizeBytes = mebibytes << 20 });
        return Hotplug.AddDimm(new() { Id = id, BackendId = "mem-" + id, Node = node });
    }

    /// <summary>Plugs a DIMM, and waits until the guest has answered and uses as many of its blocks as it should.</summary>
    public async Task<DimmInfo> PlugAsync(string id, ulong mebibytes, int blocks, uint node = 0)
    {
        DimmInfo dimm = Plug(id, mebibytes, node);
        await OnlineAsync(dimm, blocks);
        return Hotplug.GetDimm(id);
    }

    /// <summary>Waits until the guest has answered for a DIMM and uses as many of its blocks as it should.</summary>
    public async Task OnlineAsync(DimmInfo dimm, int blocks)
    {
        Assert.Equal(DimmOutcomeKind.Accepted, (await WaitAsync(dimm, DimmGoal.Accepted)).Kind);
        string states = string.Join(' ', Enumerable.Range(0, (int)(dimm.SizeBytes >> 27)).Select(n => string.Create(CultureInfo.InvariantCulture, $"memory{(dimm.Address >> 27) + (ulong)n}/state")));
        await RunAsync($"cd /sys/devices/system/memory; while [ $(cat {states} /dev/null 2>/dev/null | grep -cx online) -lt {blocks} ]; do sleep 0.05; done");
    }

    /// <summary>Waits for what becomes of a DIMM.</summary>
    public Task<DimmOutcome> WaitAsync(DimmInfo dimm, DimmGoal goal) => Hotplug.WaitForDimmAsync(dimm, goal, s_limit, Limit);

    /// <summary>Has the guest let a DIMM go, and deletes its backend.</summary>
    public async Task RemoveAsync(DimmInfo dimm)
    {
        Hotplug.RequestRemoval(dimm.Name);
        await GoneAsync(dimm);
    }

    /// <summary>Waits until a DIMM is gone and the guest has reported it, and deletes its backend.</summary>
    public async Task GoneAsync(DimmInfo dimm)
    {
        long before = Machine.Events.LastSequence;
        DimmOutcome outcome = await WaitAsync(dimm, DimmGoal.Removed);
        Assert.True(outcome.Kind == DimmOutcomeKind.Removed, $"{outcome.Kind} {outcome.OstSource} {outcome.OstStatus}\n{string.Join('\n', Machine.Console.Tail(20))}");
        Hotplug.RemoveBackend(dimm.BackendId);
        await Machine.Events.WaitAsync(e => EventText.Of(e).EndsWith($"status=0 slot={dimm.Slot} slot-type=DIMM", StringComparison.Ordinal), FirstDeletion(dimm, before), Limit);
    }

    /// <summary>The events after a sequence number, as texts.</summary>
    public IReadOnlyList<string> Heard(long after) => [.. Machine.Events.Since(after).Select(EventText.Of)];

    /// <summary>Starts the machine, or waits for it to come up after a reset.</summary>
    public virtual async Task BootAsync()
    {
        Machine.Start();
        await ReadyAsync();
    }

    /// <summary>Waits until the guest's agent listens.</summary>
    public async Task ReadyAsync()
    {
        Task ready = Machine.Agent.WaitReadyAsync(Limit);
        await ready.ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.True(ready.IsCompletedSuccessfully, $"The guest did not come up: {Machine.State} {Machine.Exit?.Report}\n{string.Join('\n', Machine.Console.Tail(40))}");
    }

    private long FirstDeletion(DimmInfo dimm, long fallback) =>
        Machine.Events.Since(0).LastOrDefault(e => e.Name == "DEVICE_DELETED" && EventText.Of(e).Contains($"path={dimm.Path}", StringComparison.Ordinal))?.Sequence ?? fallback;
}
