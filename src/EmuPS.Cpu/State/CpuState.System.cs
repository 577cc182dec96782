using System.Runtime.InteropServices;

namespace EmuPS.Cpu.State;

/// <summary>Model-specific registers of this processor alone that instructions do not use.</summary>
internal unsafe partial struct CpuState
{
    /// <summary>Machine-check banks announced in IA32_MCG_CAP.</summary>
    public const int MachineCheckBanks = 4;

    /// <summary>What RDTSC adds to the machine's counter: the sum of all writes of IA32_TIME_STAMP_COUNTER and IA32_TSC_ADJUST.</summary>
    [FieldOffset(0x358)] public ulong TscOffset;

    /// <summary>IA32_TSC_ADJUST as the guest reads it.</summary>
    [FieldOffset(0x360)] public ulong TscAdjust;

    /// <summary>IA32_DEBUGCTL.</summary>
    [FieldOffset(0x368)] public ulong DebugControl;

    /// <summary>IA32_MCi_CTL.</summary>
    [FieldOffset(0x370)] public fixed ulong MachineCheckControl[MachineCheckBanks];
}
