using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists the DIMM slots of VMs, taken and free.</summary>
[Cmdlet(VerbsCommon.Get, "EmuDimmSlot")]
[OutputType(typeof(EmuDimmSlot))]
public sealed class GetEmuDimmSlotCommand : OnVMCommand
{
    /// <summary>The numbers of the slots. Left out, all slots.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(SlotCompleter))]
    [ValidateNotNullOrEmpty]
    public int[]? Slot { get; set; }

    /// <summary>Only slots without a DIMM.</summary>
    [Parameter]
    public SwitchParameter Free { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM, allByDefault: true))
        {
            IReadOnlyList<EmuDimmSlot> slots = vm.DimmSlots;
            foreach (int missing in (Slot ?? []).Except(slots.Select(slot => slot.Slot)))
            {
                if (VM is not null || vm.IsAlive)
                {
                    WriteError(
                        ErrorIds.SlotNotFound, ErrorCategory.ObjectNotFound, missing, $"The VM '{vm.Name}' has no slot {missing}: it has {slots.Count} slots.",
                        slots.Count == 0 ? "Start the VM with -Slots and -MaxMemory." : $"They are 0 to {slots.Count - 1}.");
                }
            }

            WriteObject(slots.Where(slot => (Slot is null || Slot.Contains(slot.Slot)) && (!Free || slot.IsFree)), enumerateCollection: true);
        }
    }
}
