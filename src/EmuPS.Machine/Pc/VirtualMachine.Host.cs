using System;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryHotplug;

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
    void IMachineHost.AtSafePoint(Action action) => Command(() =>
    {
        try
        {
            action();
        }
        finally
        {
            _hardware.Processor.FlushTlb();
        }
    });

    /// <inheritdoc/>
    void IMachineHost.RaiseMemoryGpe()
    {
        if (!_hardware.IsDisposed)
        {
            Log.Hotplug.GpeRaised(PcIoPorts.MemoryHotplugGpe);
            _hardware.Power.RaiseGpe(PcIoPorts.MemoryHotplugGpe);
        }
    }

    /// <summary>Hears from the hardware without showing it to the machine's users.</summary>
    private sealed class HardwareEvents(VirtualMachine machine) : IPcOwner
    {
        private const int SoftOff = 0;

        public void OnGuestReset()
        {
            machine._guestReset = true;
            machine._hardware.Processor.RequestLeave();
        }

        public void OnSleep(int type)
        {
            // The tables offer no other state, so no other type is ever meant.
            if (type == SoftOff)
            {
                machine.RequestExit(new MachineExit(MachineExit.GuestShutdown, ByGuest: true, ExitCode: 0));
            }
        }

        public void OnDebugExit(uint value) =>
            machine.RequestExit(new MachineExit(MachineExit.DebugExit, ByGuest: true, ExitCode: unchecked((int)((value << 1) | 1))));
    }
}
