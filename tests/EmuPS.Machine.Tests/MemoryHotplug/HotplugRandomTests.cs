using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using Xunit;
using Xunit.Abstractions;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>Ten thousand random operations, compared with a small model of the rules; and what they leave in the process. Alone, because the process is measured.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class HotplugRandomTests(ITestOutputHelper output) : IDisposable
{
    private const ulong MiB = HotplugRig.MiB;
    private const int SlotCount = 16;
    private const ulong RegionBase = 0x1_0000_0000;
    private const ulong Capacity = 3UL << 30;
    private const int Operations = 10_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("emups-random-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(1)]
    [InlineData(20250814)]
    public void The_manager_agrees_with_the_model(int seed) => Run(seed);

    [Fact]
    public void Nothing_is_left_behind()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // The first run pays for what is made once: compiled code, threads, lists.
        Run(2);
        ProcessHoldings before = ProcessHoldings.Now(_folder);
        Run(3);
        ProcessHoldings after = ProcessHoldings.Now(_folder);
        output.WriteLine($"before {before}\nafter  {after}");

        Assert.Equal(before.Descriptors, after.Descriptors);
        Assert.Equal(0, after.BackendMappings);
        // Some 1700 backends of 200 MiB on average came and went; the runtime's own mappings move a little.
        Assert.InRange(after.Mappings - before.Mappings, int.MinValue, 50);
        Assert.InRange(after.VirtualBytes - before.VirtualBytes, long.MinValue, 100L << 20);
        Assert.InRange(after.ResidentBytes - before.ResidentBytes, long.MinValue, 8L << 20);
        Assert.InRange(after.ManagedBytes - before.ManagedBytes, long.MinValue, 256L << 10);
    }

    private void Run(int seed)
    {
        Random random = new(seed);
        ModelledMachine model = new(SlotCount, RegionBase, Capacity);
        using HotplugRig rig = new($"1G,slots={SlotCount},maxmem=4G");
        for (int step = 0; step < Operations; step++)
        {
            Step(random, model, rig);
            if (step % 16 == 0)
                Compare(model, rig.Manager, rig.Host);
        }

        Compare(model, rig.Manager, rig.Host);
    }

    private void Step(Random random, ModelledMachine model, HotplugRig rig)
    {
        string backend = $"m{random.Next(24)}";
        string dimm = $"d{random.Next(24)}";
        int slot = random.Next(SlotCount);
        switch (random.Next(11))
        {
            case 0 or 1:
                Assert.Equal(!model.Backends.ContainsKey(backend), Succeeds(() => rig.Manager.AddBackend(RandomBackend(random, backend))));
                model.Backends.TryAdd(backend, SizeAndAlignment(rig.Manager.GetBackend(backend)));
                break;
            case 2:
                Assert.Equal(model.RemoveBackend(backend), Succeeds(() => rig.Manager.RemoveBackend(backend)));
                break;
            case 3 or 4 or 5:
                int wanted = random.Next(2) == 0 ? -1 : random.Next(-2, SlotCount + 1);
                ulong address = random.Next(3) != 0 ? 0 : RegionBase + ((ulong)random.Next(-4, 1600) * 2 * MiB);
                Assert.Equal(model.Plug(dimm, backend, wanted, address), Succeeds(() => rig.Manager.AddDimm(new PcDimmOptions { Id = dimm, BackendId = backend, Slot = wanted, Address = address })));
                break;
            case 6:
                Assert.Equal(model.RequestRemoval(dimm), Succeeds(() => rig.Manager.RequestRemoval(dimm)));
                break;
            case 7:
                rig.Guest.Eject((uint)slot);
                model.Slots[slot] = null;
                break;
            case 8:
                // One write clears one event: the insertion, or else the removal.
                rig.Guest.Write((uint)slot, 0x14, 6);
                model.Registers[slot].Insert = false;
                rig.Guest.Write((uint)slot, 0x14, 4);
                model.Registers[slot].Remove = false;
                break;
            case 9:
                uint status = random.Next(2) == 0 ? 0x84u : 0x82u;
                rig.Guest.Ost((uint)slot, 3, status);
                model.Registers[slot] = model.Registers[slot] with { Source = 3, Status = status };
                break;
            default:
                rig.Manager.OnMachineReset();
                break;
        }
    }

    private MemoryBackendOptions RandomBackend(Random random, string id)
    {
        MemoryBackendOptions options = new() { Id = id, SizeBytes = ((ulong)random.Next(1, 200) * 2 * MiB) + (random.Next(20) == 0 ? MiB : 0) };
        return random.Next(4) switch
        {
            0 => options with { Kind = MemoryBackendKind.File, Path = random.Next(2) == 0 ? _folder : Path.Combine(_folder, $"{id}-{Guid.NewGuid():N}"), Share = random.Next(2) == 0 },
            1 when OperatingSystem.IsLinux() => options with { Kind = MemoryBackendKind.Memfd },
            _ => options,
        };
    }

    private static (ulong Size, ulong Alignment) SizeAndAlignment(MemoryBackendInfo backend) => (backend.SizeBytes, backend.RegionAlignment);

    private static void Compare(ModelledMachine model, MemoryHotplugManager manager, FakeMachineHost host)
    {
        IEnumerable<(ModelledMachine.Dimm Dimm, int Slot)> plugged = model.Slots.Select((dimm, slot) => (dimm!, slot)).Where(pair => pair.Item1 is not null).OrderBy(pair => pair.Item1.Address);
        Assert.Equal(plugged.Select(p => (p.Dimm.Id, p.Slot, p.Dimm.Address, p.Dimm.Size, p.Dimm.Backend)), manager.Dimms.Select(d => (d.Id!, d.Slot, d.Address, d.SizeBytes, d.BackendId)));
        Assert.Equal(manager.Dimms.Select(d => (d.Address, d.SizeBytes)), host.Memory.Map.Ram.Select(r => (r.Range.Start, r.Range.Size)));
        Assert.Equal(
            model.Backends.Keys.Order(StringComparer.Ordinal).Select(id => (id, model.Slots.Any(d => d?.Backend == id))),
            manager.Backends.Where(backend => !backend.IsMain).Select(backend => (backend.Id, backend.IsInUse)));
        Assert.Equal(model.Registers, manager.Slots.Select(slot => (slot.InsertPending, slot.RemovePending, slot.OstSource, slot.OstStatus)));
        Assert.Equal(model.Slots.Aggregate(0UL, (sum, d) => sum + (d?.Size ?? 0)), manager.Summary.PluggedBytes);
        Assert.Equal(model.Slots.Count(d => d is null), manager.Summary.FreeSlots);
    }

    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }
}
