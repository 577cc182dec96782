using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>Ten thousand random operations, compared with a small model of what is plugged where.</summary>
public sealed class HotplugRandomTests
{
    private const ulong MiB = HotplugRig.MiB;
    private const int SlotCount = 16;
    private const ulong RegionBase = 0x1_0000_0000;
    private const ulong Capacity = 3UL << 30;
    private const ulong RegionSize = Capacity + ((ulong)SlotCount << 30);

    private sealed record Modelled(string Id, string Backend, ulong Address, ulong Size);

    [Theory]
    [InlineData(1)]
    [InlineData(20250814)]
    public void The_manager_agrees_with_the_model(int seed)
    {
        Random random = new(seed);
        using HotplugRig rig = new($"1G,slots={SlotCount},maxmem=4G");
        Modelled?[] slots = new Modelled?[SlotCount];
        Dictionary<string, ulong> backends = [];
        for (int step = 0; step < 10_000; step++)
        {
            string backend = $"m{random.Next(24)}";
            string dimm = $"d{random.Next(24)}";
            switch (random.Next(6))
            {
                case 0:
                    ulong size = (ulong)random.Next(1, 200) * 2 * MiB;
                    Assert.Equal(backends.TryAdd(backend, size), Succeeds(() => rig.Manager.AddBackend(new MemoryBackendOptions { Id = backend, SizeBytes = size })));
                    break;
                case 1:
                    bool free = backends.ContainsKey(backend) && !slots.Any(d => d?.Backend == backend);
                    Assert.Equal(free, Succeeds(() => rig.Manager.RemoveBackend(backend)));
                    if (free)
                        backends.Remove(backend);
                    break;
                case 2 or 3:
                    int slot = random.Next(2) == 0 ? -1 : random.Next(-2, SlotCount + 1);
                    ulong address = random.Next(3) != 0 ? 0 : RegionBase + ((ulong)random.Next(-4, 1600) * 2 * MiB);
                    Assert.Equal(ModelPlug(slots, backends, dimm, backend, slot, address), Succeeds(() => rig.Manager.AddDimm(new PcDimmOptions { Id = dimm, BackendId = backend, Slot = slot, Address = address })));
                    break;
                case 4:
                    Assert.Equal(slots.Any(d => d?.Id == dimm), Succeeds(() => rig.Manager.RequestRemoval(dimm)));
                    break;
                default:
                    int ejected = random.Next(SlotCount);
                    rig.Guest.Eject((uint)ejected);
                    slots[ejected] = null;
                    break;
            }

            if (step % 16 != 0)
                continue;
            Assert.Equal(
                slots.Select((d, n) => (d, n)).Where(s => s.d is not null).OrderBy(s => s.d!.Address).Select(s => (s.d!.Id, s.n, s.d.Address, s.d.Size)),
                rig.Manager.Dimms.Select(d => (d.Id!, d.Slot, d.Address, d.SizeBytes)));
            Assert.Equal(rig.Manager.Dimms.Select(d => (d.Address, d.SizeBytes)), rig.Host.Memory.Map.Ram.Select(r => (r.Range.Start, r.Range.Size)));
        }
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

    private static bool ModelPlug(Modelled?[] slots, Dictionary<string, ulong> backends, string id, string backend, int slot, ulong address)
    {
        if (slots.Any(d => d?.Id == id || d?.Backend == backend) || !backends.TryGetValue(backend, out ulong size) || slot < -1 || slot >= SlotCount)
            return false;
        int chosen = slot >= 0 ? slot : Array.IndexOf(slots, null);
        if (chosen < 0 || slots[chosen] is not null)
            return false;
        if (slots.Aggregate(size, (sum, d) => sum + (d?.Size ?? 0)) > Capacity)
            return false;
        ulong at = address;
        if (at == 0)
        {
            // The lowest place is the region's start or right behind a DIMM.
            at = slots.OfType<Modelled>().Select(d => d.Address + d.Size).Append(RegionBase).Where(a => IsFree(slots, a, size)).DefaultIfEmpty().Min();
            if (at == 0)
                return false;
        }
        else if (!IsFree(slots, at, size))
        {
            return false;
        }

        slots[chosen] = new Modelled(id, backend, at, size);
        return true;
    }

    private static bool IsFree(Modelled?[] slots, ulong address, ulong size) =>
        address >= RegionBase && address + size <= RegionBase + RegionSize
        && !slots.OfType<Modelled>().Any(d => d.Address < address + size && address < d.Address + d.Size);
}
