using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>DIMMs, slots and backends of a VM as the cmdlets show them.</summary>
internal static class DimmSnapshots
{
    /// <summary>All DIMMs, by slot.</summary>
    public static IReadOnlyList<EmuDimm> Dimms(EmuVM vm) => [.. vm.Machine.Hotplug.Dimms.OrderBy(dimm => dimm.Slot).Select(dimm => From(vm, dimm))];

    /// <summary>All slots.</summary>
    public static IReadOnlyList<EmuDimmSlot> Slots(EmuVM vm) => [.. vm.Machine.Hotplug.Slots.Select(slot => From(vm, slot))];

    /// <summary>All backends, the main memory's too.</summary>
    public static IReadOnlyList<EmuMemoryBackend> Backends(EmuVM vm) => [.. vm.Machine.Hotplug.Backends.Select(backend => From(vm, backend))];

    /// <summary>Takes a snapshot of a DIMM.</summary>
    public static EmuDimm From(EmuVM vm, DimmInfo dimm) => new(vm)
    {
        DimmId = dimm.Name,
        Slot = dimm.Slot,
        Address = dimm.Address,
        SizeBytes = (long)dimm.SizeBytes,
        Node = (int)dimm.Node,
        State = From(dimm.State),
        BackendId = dimm.BackendId,
        Hotplugged = dimm.Hotplugged,
        OstSource = dimm.OstSource,
        OstStatus = dimm.OstStatus,
    };

    /// <summary>Takes a snapshot of a backend.</summary>
    public static EmuMemoryBackend From(EmuVM vm, MemoryBackendInfo backend) => new(vm)
    {
        BackendId = backend.Id,
        Kind = backend.Kind switch
        {
            MemoryBackendKind.File => EmuMemoryBackendKind.File,
            MemoryBackendKind.Memfd => EmuMemoryBackendKind.Memfd,
            _ => EmuMemoryBackendKind.Ram,
        },
        SizeBytes = (long)backend.SizeBytes,
        Path = backend.Options.Path,
        Share = backend.Options.Share ?? false,
        Preallocate = backend.Options.Preallocate == true,
        InUseBy = backend.IsMain ? "pc.ram" : backend.DimmId,
        IsMain = backend.IsMain,
        IsLost = backend.IsLost,
        LostBytes = (long)backend.LostBytes,
    };

    private static EmuDimmSlot From(EmuVM vm, DimmSlotInfo slot) => new(vm)
    {
        Slot = slot.Slot,
        DimmId = slot.Dimm?.Name,
        State = slot.Dimm is { } dimm ? From(dimm.State) : null,
        OstSource = slot.OstSource,
        OstStatus = slot.OstStatus,
    };

    private static EmuDimmState From(DimmState state) => state switch
    {
        DimmState.Accepted => EmuDimmState.Accepted,
        DimmState.Rejected => EmuDimmState.Rejected,
        DimmState.Present => EmuDimmState.Present,
        DimmState.UnplugPending => EmuDimmState.UnplugPending,
        DimmState.Removed => EmuDimmState.Removed,
        _ => EmuDimmState.Pending,
    };
}
