using System;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Tells guests how to answer memory that comes and goes.</summary>
[Cmdlet(VerbsCommon.Set, "EmuGuestPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(EmuGuestPolicy))]
public sealed class SetEmuGuestPolicyCommand : OnVMCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>What a Linux guest does with memory that appears from now on.</summary>
    [Parameter]
    [ValidateNotNull]
    public EmuOnlinePolicy? Online { get; set; }

    /// <summary>How the simulated guest answers removals.</summary>
    [Parameter]
    [ValidateNotNull]
    public EmuAnswerPolicy? Unplug { get; set; }

    /// <summary>How the simulated guest answers insertions.</summary>
    [Parameter]
    [ValidateNotNull]
    public EmuAnswerPolicy? Plug { get; set; }

    /// <summary>How long the simulated guest waits where it is to delay, in seconds.</summary>
    [Parameter]
    [ValidateRange(0d, 4_000_000d)]
    public double? Delay { get; set; }

    /// <summary>Only for these DIMMs; ids or wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public DimmIdentity[]? Dimm { get; set; }

    /// <summary>Emits the policy.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            Try(vm, () =>
            {
                vm.RequireAlive();
                if (vm.Machine.SimulatedGuest is { } simulated)
                    Set(vm, simulated);
                else
                    SetLinux(vm);
            });
        }
    }

    private void SetLinux(EmuVM vm)
    {
        if (Unplug is not null || Plug is not null || Delay is not null || Dimm is not null)
        {
            throw new EmuException(
                ErrorIds.GuestIsNotSimulated, $"The guest of '{vm.Name}' decides by itself how it answers.", "Only -Online can be set there; the simulated guest takes the rest.");
        }

        if (Online is not { } online || !ShouldProcess(vm.Name, $"Set the onlining policy to {online}"))
            return;
        string word = OnlinePolicies.ToLinux(online);
        GuestCommandResult result = WaitFor(
            vm.Machine.Agent.RunAsync($"echo {word} > /sys/devices/system/memory/auto_online_blocks", timeout: _patience, cancellationToken: CancelToken), $"Telling the guest of '{vm.Name}'");
        if (result.ExitCode != 0)
            throw new EmuException(ErrorIds.GuestCommandFailed, $"The guest did not take the policy: {result.ErrorOutput.Trim()}");
        if (PassThru)
            WriteObject(new EmuGuestPolicy(vm) { Online = online });
    }

    private void Set(EmuVM vm, SimulatedGuest guest)
    {
        if (Online is not null)
            throw new EmuException(ErrorIds.GuestIsSimulated, $"The guest of '{vm.Name}' is the simulated one, which uses all memory that it takes.", "Use -Plug and -Unplug there.");
        if (Dimm is null)
        {
            if (!ShouldProcess(vm.Name, $"Set the guest's policy: {Describe()}"))
                return;
            guest.UnplugPolicy = Unplug is { } unplug ? OnlinePolicies.ToEngine(unplug) : guest.UnplugPolicy;
            guest.PlugPolicy = Plug is { } plug ? OnlinePolicies.ToEngine(plug) : guest.PlugPolicy;
            SetDelay(guest);
            if (PassThru)
            {
                WriteObject(new EmuGuestPolicy(vm)
                {
                    Unplug = OnlinePolicies.FromEngine(guest.UnplugPolicy),
                    Plug = OnlinePolicies.FromEngine(guest.PlugPolicy),
                    Delay = guest.Delay,
                });
            }

            return;
        }

        foreach (DimmIdentity identity in Dimm)
        {
            foreach (EmuDimm dimm in FindDimms(identity, [vm]))
                SetSlot(vm, guest, dimm);
        }
    }

    private void SetSlot(EmuVM vm, SimulatedGuest guest, EmuDimm dimm)
    {
        if (!ShouldProcess(vm.Name, $"Set the guest's policy for '{dimm.DimmId}': {Describe()}"))
            return;
        if (Unplug is { } unplug)
            guest.SetSlotUnplugPolicy(dimm.Slot, OnlinePolicies.ToEngine(unplug));
        if (Plug is { } plug)
            guest.SetSlotPlugPolicy(dimm.Slot, OnlinePolicies.ToEngine(plug));
        SetDelay(guest);
        if (PassThru)
            WriteObject(new EmuGuestPolicy(vm) { Unplug = Unplug, Plug = Plug, Delay = guest.Delay, DimmId = dimm.DimmId });
    }

    private void SetDelay(SimulatedGuest guest)
    {
        if (Delay is { } seconds)
            guest.Delay = TimeSpan.FromSeconds(seconds);
    }

    private string Describe() => string.Join(", ", new[]
    {
        Plug is { } plug ? $"insertion {plug}" : null,
        Unplug is { } unplug ? $"removal {unplug}" : null,
        Delay is { } seconds ? $"delay {seconds} s" : null,
    }.Where(part => part is not null));
}
