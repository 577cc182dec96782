using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Cpu;
using EmuPS.Devices.Panic;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Pc;

/// <content>What hotplug and the hardware ask of the machine.</content>
public sealed partial class VirtualMachine
{
    /// <inheritdoc/>
    GuestPhysicalMemory IMachineHost.Memory => _hardware.Memory;

    /// <inheritdoc/>
    Lock IMachineHost.DeviceLock => _hardware.DeviceLock;

    /// <inheritdoc/>
    bool IMachineHost.HasStarted => _isMade;

    /// <inheritdoc/>
    void IMachineHost.AtSafePoint(Action action) => Command(() => ChangeMap(action));

    /// <inheritdoc/>
    void IMachineHost.AtNextSafePoint(Action action)
    {
        if (!IsOwnThread || (_worldStopped && Thread.CurrentThread == _threads[0]))
        {
            Command(() => ChangeMap(action));
            return;
        }

        // In the middle of a vCPU's instruction: it ends, this processor and all others stop, and the first one's thread does it.
        Post(() => ChangeMap(action));
    }

    private void ChangeMap(Action action)
    {
        try
        {
            action();
        }
        finally
        {
            foreach (VirtualProcessor processor in _hardware.Processors)
            {
                processor.MapChanged();
            }
        }
    }

    /// <summary>Makes RAM or ROM of the areas below 1 MiB as the host bridge says now. No processor is running.</summary>
    private void ApplyShadow()
    {
        if (_firmware is { IsCurrent: false })
        {
            ChangeMap(() => _firmware.Apply(_hardware.Memory));
        }
    }

    /// <inheritdoc/>
    bool IMachineHost.IsMemoryGpeEnabled => _hardware.Power.IsGpeEnabled(PcIoPorts.MemoryHotplugGpe);

    /// <inheritdoc/>
    bool IMachineHost.IsMemoryGpeRaised => _hardware.Power.IsGpeRaised(PcIoPorts.MemoryHotplugGpe);

    /// <inheritdoc/>
    void IMachineHost.RaiseMemoryGpe()
    {
        if (!_hardware.IsDisposed)
        {
            Log.Hotplug.GpeRaised(PcIoPorts.MemoryHotplugGpe);
            _hardware.Power.RaiseGpe(PcIoPorts.MemoryHotplugGpe);
        }
    }

    private void OnGuestBooted()
    {
        // Whoever waits for a guest that is ready finds on the console what it wrote before.
        _hardware.Serial1.Drain();
        Hotplug.OnGuestBooted();
    }

    /// <summary>On the processor's thread, in the middle of the instruction that said so.</summary>
    private void Panicked()
    {
        GuestPanicAction action = Options.OnGuestPanic;
        Log.Machine.Panicked(action);
        Events.Raise("GUEST_PANICKED", ActionOf(action switch
        {
            GuestPanicAction.Pause => "pause",
            GuestPanicAction.None => "run",
            _ => "poweroff",
        }));
        switch (action)
        {
            case GuestPanicAction.Pause:
                Post(() => PauseNow(RunStates.GuestPanicked));
                break;
            case GuestPanicAction.Shutdown or GuestPanicAction.ExitFailure:
                RequestExit(new MachineExit(MachineExit.GuestPanic, ByGuest: true, ExitCode: action == GuestPanicAction.ExitFailure ? 1 : 0));
                break;
        }
    }

    private static Dictionary<string, object?> ActionOf(string word) => new() { ["action"] = word };

    /// <summary>Hears from the hardware without showing it to the machine's users.</summary>
    private sealed class HardwareEvents(VirtualMachine machine) : IPcOwner
    {
        private const int SoftOff = 0;

        public void OnGuestReset()
        {
            machine._guestReset = true;
            machine.StopWorldSoon();
        }

        public void OnSleep(int type)
        {
            // The tables offer no other state, so no other type is ever meant.
            if (type == SoftOff)
            {
                machine.RequestExit(new MachineExit(MachineExit.GuestShutdown, ByGuest: true, ExitCode: 0));
            }
        }

        public void OnShadowChanged()
        {
            // A reset, during which the processors stand, looks at it itself.
            if (!machine._worldStopped)
            {
                machine.Post(machine.ApplyShadow);
            }
        }

        public void OnPanic(byte events)
        {
            if ((events & PvPanic.Panicked) != 0)
            {
                machine.Panicked();
            }
            else
            {
                machine.Events.Raise("GUEST_CRASHLOADED", ActionOf("run"));
            }
        }

        public void OnDebugExit(uint value) =>
            machine.RequestExit(new MachineExit(MachineExit.DebugExit, ByGuest: true, ExitCode: unchecked((int)((value << 1) | 1))));
    }
}
