using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The machine-check registers (SDM vol. 3, 16.3). No error is ever logged, so status, address and miscellaneous registers read zero.</summary>
internal static unsafe class MachineCheck
{
    private const uint GlobalCapabilities = 0x179;
    private const uint GlobalStatus = 0x17A;
    private const uint GlobalControl = 0x17B;
    private const uint FirstBank = 0x400;

    /// <summary>The number of banks, and that there is IA32_MCG_CTL.</summary>
    private const ulong CapabilitiesValue = CpuState.MachineCheckBanks | (1 << 8);

    /// <summary>The state after power-on.</summary>
    /// <param name="s">The state.</param>
    public static void PowerOn(CpuState* s)
    {
        s->McgStatus = 0;
        s->McgControl = 0;
        for (int n = 0; n < CpuState.MachineCheckBanks; n++)
        {
            s->MachineCheckControl[n] = 0;
        }
    }

    /// <summary>Whether the index is one of these registers: IA32_P5_MC_ADDR and _TYPE too.</summary>
    /// <param name="index">Register index.</param>
    public static bool IsKnown(uint index)
        => index is 0 or 1 or GlobalCapabilities or GlobalStatus or GlobalControl || index - FirstBank < 4 * CpuState.MachineCheckBanks;

    /// <summary>Reads a register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">Register index.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when it is not one of these.</returns>
    public static bool TryRead(CpuState* s, uint index, out ulong value)
    {
        value = index switch
        {
            GlobalCapabilities => CapabilitiesValue,
            GlobalStatus => s->McgStatus,
            GlobalControl => s->McgControl,
            _ when index >= FirstBank && IsKnown(index) && (index & 3) == 0 => s->MachineCheckControl[(index - FirstBank) / 4],
            _ => 0,
        };
        return IsKnown(index);
    }

    /// <summary>Writes a register. Only zero may be written where errors would be logged.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">Index of a known register.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    public static bool TryWrite(CpuState* s, uint index, ulong value)
    {
        switch (index)
        {
            case GlobalCapabilities:
                return false;
            case GlobalStatus:
                s->McgStatus = 0;
                return value == 0;
            case GlobalControl:
                s->McgControl = value;
                return true;
            default:
                if (index >= FirstBank && (index & 3) == 0)
                {
                    s->MachineCheckControl[(index - FirstBank) / 4] = value;
                    return true;
                }

                return value == 0;
        }
    }
}
