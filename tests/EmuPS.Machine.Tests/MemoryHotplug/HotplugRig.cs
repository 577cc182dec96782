using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Events;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.Events;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>A manager with a fake machine and guest around it.</summary>
internal sealed class HotplugRig : IDisposable
{
    public const ulong MiB = 1 << 20;
    public const ulong GiB = 1 << 30;

    public HotplugRig(string memory = "1G,slots=3,maxmem=4G", int nodes = 0)
    {
        Events = new MachineEventLog();
        Manager = new MemoryHotplugManager(Host, MemoryConfiguration.Parse(memory).Validate(46), Events, [.. Enumerable.Range(0, nodes).Select(n => new NumaNodeOptions { NodeId = n })]);
        Guest = new HotplugGuest(Host, Manager);
    }

    public FakeMachineHost Host { get; } = new();

    public MachineEventLog Events { get; }

    public MemoryHotplugManager Manager { get; }

    public HotplugGuest Guest { get; }

    public MemoryBackendInfo Backend(string id, ulong size) => Manager.AddBackend(new MemoryBackendOptions { Id = id, SizeBytes = size });

    public DimmInfo Dimm(string id, ulong size, int slot = -1, ulong address = 0)
    {
        Backend("mem-" + id, size);
        return Manager.AddDimm(new PcDimmOptions { Id = id, BackendId = "mem-" + id, Slot = slot, Address = address });
    }

    /// <summary>The events as short texts: the name, then the values of the data in order.</summary>
    public IEnumerable<string> Heard => Events.Since(0).Select(EventText.Of);

    public void Dispose() => Manager.Dispose();
}
