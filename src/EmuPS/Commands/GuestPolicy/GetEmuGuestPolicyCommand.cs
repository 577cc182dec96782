using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Shows how guests answer memory that comes and goes.</summary>
[Cmdlet(VerbsCommon.Get, "EmuGuestPolicy")]
[OutputType(typeof(EmuGuestPolicy))]
public sealed class GetEmuGuestPolicyCommand : OnVMCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>DIMMs whose own policies are meant; ids or wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public DimmIdentity[]? Dimm { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<EmuVM> vms = ResolveVMs(VM, allByDefault: true).Where(vm => VM is not null || vm.IsAlive);
        foreach (EmuVM vm in vms)
            Try(vm, () => Show(vm));
    }

    private void Show(EmuVM vm)
    {
        vm.RequireAlive();
        if (vm.Machine.SimulatedGuest is not { } guest)
        {
            GuestMemoryInfo info = WaitFor(GuestMemoryInfo.ReadAsync(vm.Machine.Agent, _patience, CancelToken), $"Asking the guest of '{vm.Name}'");
            WriteObject(new EmuGuestPolicy(vm) { Online = OnlinePolicies.FromLinux(info.OnlinePolicy) });
            return;
        }

        if (Dimm is null)
        {
            WriteObject(new EmuGuestPolicy(vm)
            {
                Unplug = OnlinePolicies.FromEngine(guest.UnplugPolicy),
                Plug = OnlinePolicies.FromEngine(guest.PlugPolicy),
                Delay = guest.Delay,
            });
            return;
        }

        foreach (EmuDimm dimm in Dimm.SelectMany(identity => FindDimms(identity, [vm])).Distinct())
        {
            WriteObject(new EmuGuestPolicy(vm)
            {
                Unplug = OnlinePolicies.FromEngine(guest.GetSlotUnplugPolicy(dimm.Slot) ?? guest.UnplugPolicy),
                Plug = OnlinePolicies.FromEngine(guest.GetSlotPlugPolicy(dimm.Slot) ?? guest.PlugPolicy),
                Delay = guest.Delay,
                DimmId = dimm.DimmId,
            });
        }
    }
}
