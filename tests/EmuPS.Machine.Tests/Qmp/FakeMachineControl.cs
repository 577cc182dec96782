using System;
using System.Collections.Generic;
using EmuPS.Core.Addresses;
using EmuPS.Core.Bus;
using EmuPS.Core.Memory;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.MemoryHotplug;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>A machine that keeps account of what monitors ask of it and raises the events of a real one.</summary>
internal sealed class FakeMachineControl : IMachineControl, IDisposable
{
    public FakeMachineControl(string memory = "1G,slots=3,maxmem=4G")
    {
        Rig = new HotplugRig(memory);
        IHostMemoryBlock main = Hotplug.CreateMainMemory();
        MemoryLayout layout = Hotplug.Layout;
        PhysicalMemoryMap map = Rig.Host.Memory.Map.With(new RamRegion(0, main, layout.LowBytes));
        if (layout.HighBytes > 0)
            map = map.With(new RamRegion(MemoryLayout.HighMemoryBase, main, layout.HighBytes, offset: layout.LowBytes));
        Rig.Host.Memory.Replace(map.With(new MmioRegion(new AddressRange(0xFEC0_0000, 0x1000), new IoApic())));
    }

    public HotplugRig Rig { get; }

    public Guid Id { get; } = Guid.Parse("12345678-1234-5678-9abc-123456789abc");

    public string Name => "web1";

    public string RunStatus { get; set; } = "prelaunch";

    public PanicDevice? Panic { get; set; }

    public MemoryHotplugManager Hotplug => Rig.Manager;

    public MachineEventLog Events => Rig.Events;

    public MachineLog Log { get; } = new();

    public IReadOnlyList<int> ProcessorThreads => [4711, 4712];

    public PhysicalMemoryMap MemoryMap => Rig.Host.Memory.Map;

    public IReadOnlyList<(ushort First, int Length, string Name)> Ports => [(0x2F8, 8, "Uart16550"), (0x3F8, 8, "Uart16550"), (0xA00, 24, "MemoryHotplugRegisters")];

    public IReadOnlyList<NumaNodeOptions> NumaNodes => [new NumaNodeOptions { NodeId = 0, MemoryBytes = Hotplug.Configuration.SizeBytes, Cpus = [0, 1] }];

    public void Pause()
    {
        if (RunStatus == "running")
            Events.Raise("STOP");
        RunStatus = "paused";
    }

    public void Resume()
    {
        RunStatus = "running";
        Events.Raise("RESUME");
    }

    public void Reset(string reason) => Events.Raise("RESET", Cause(reason));

    public void PressPowerButton() => Events.Raise("POWERDOWN");

    public void PowerOff(string reason)
    {
        RunStatus = "shutdown";
        Events.Raise("SHUTDOWN", Cause(reason));
        Events.Complete();
    }

    public void Dispose() => Rig.Dispose();

    private static Dictionary<string, object?> Cause(string reason) => new() { ["guest"] = false, ["reason"] = reason };

    private sealed class IoApic : IBusDevice
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }
}
