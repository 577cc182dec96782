using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Shows how much memory VMs have, as the machine, or as the guest sees it.</summary>
[Cmdlet(VerbsCommon.Get, "EmuMemory", DefaultParameterSetName = "Machine")]
[OutputType(typeof(EmuMemory), ParameterSetName = ["Machine"])]
[OutputType(typeof(EmuGuestMemory), ParameterSetName = ["Guest"])]
[OutputType(typeof(EmuMemoryBlock), ParameterSetName = ["Block"])]
public sealed class GetEmuMemoryCommand : OnVMCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks the guest for its own figures.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Guest")]
    public SwitchParameter Guest { get; set; }

    /// <summary>Asks the guest for its memory blocks.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Block")]
    public SwitchParameter Block { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // All VMs means all that have memory.
        IEnumerable<EmuVM> vms = ResolveVMs(VM, allByDefault: true).Where(vm => VM is not null || vm.IsAlive);
        foreach (EmuVM vm in vms)
        {
            Try(vm, () =>
            {
                vm.RequireAlive();
                if (Guest || Block)
                    ShowGuest(vm);
                else
                    WriteObject(Machine(vm));
            });
        }
    }

    private static EmuMemory Machine(EmuVM vm)
    {
        MemorySizeSummary summary = vm.Machine.Hotplug.Summary;
        return new EmuMemory(vm)
        {
            BaseBytes = (long)summary.BaseBytes,
            PluggedBytes = (long)summary.PluggedBytes,
            MaxBytes = (long)summary.MaxBytes,
            Slots = summary.SlotCount,
            SlotsUsed = summary.SlotCount - summary.FreeSlots,
        };
    }

    private void ShowGuest(EmuVM vm)
    {
        if (vm.Machine.SimulatedGuest is { } simulated && Guest)
        {
            WriteObject(Simulated(vm, simulated));
            return;
        }

        vm.RequireAgent();
        GuestMemoryInfo info = WaitFor(GuestMemoryInfo.ReadAsync(vm.Machine.Agent, _patience, CancelToken), $"Asking the guest of '{vm.Name}'");
        if (Guest)
        {
            WriteObject(new EmuGuestMemory(vm)
            {
                MemTotal = (long)info.TotalBytes,
                MemFree = (long)info.FreeBytes,
                MemAvailable = (long)info.AvailableBytes,
                BlockSizeBytes = (long)info.BlockSizeBytes,
                Blocks = info.Blocks.Count,
                BlocksOnline = info.Blocks.Count(block => block.IsOnline),
                OnlinePolicy = info.OnlinePolicy,
            });
            return;
        }

        IReadOnlyList<EmuDimm> dimms = vm.Dimms;
        WriteObject(info.Blocks.Select(block => Snapshot(vm, dimms, block)), enumerateCollection: true);
    }

    /// <summary>The simulated guest keeps no accounts: it has its main memory and the DIMMs that it uses, and counts each as a block.</summary>
    private static EmuGuestMemory Simulated(EmuVM vm, SimulatedGuest simulated)
    {
        IReadOnlyList<EmuDimm> dimms = vm.Dimms;
        EmuDimm[] used = [.. dimms.Where(dimm => simulated.UsesSlot(dimm.Slot))];
        long total = vm.MemoryBytes + used.Sum(dimm => dimm.SizeBytes);
        return new EmuGuestMemory(vm)
        {
            MemTotal = total,
            MemFree = total,
            MemAvailable = total,
            Blocks = dimms.Count + 1,
            BlocksOnline = used.Length + 1,
            OnlinePolicy = "online",
        };
    }

    private static EmuMemoryBlock Snapshot(EmuVM vm, IReadOnlyList<EmuDimm> dimms, GuestMemoryBlock block) => new(vm)
    {
        Index = (long)block.Index,
        Address = block.Address,
        SizeBytes = (long)block.SizeBytes,
        State = block.State,
        Zones = block.Zones,
        Removable = block.Removable,
        DimmId = dimms.FirstOrDefault(dimm => block.Address >= dimm.Address && block.Address < dimm.Address + (ulong)dimm.SizeBytes)?.DimmId,
    };
}
