using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Exceptions;

/// <summary>Delivers exceptions and interrupts through the IDT (SDM vol. 3, chapter 7).</summary>
internal static unsafe class InterruptDelivery
{
    /// <summary>Executes INT n, INT3, INTO or INT1: delivers the vector with the return address after the instruction, checking the gate's DPL.</summary>
    /// <param name="s">The state; RIP still at the instruction.</param>
    /// <param name="vector">0 to 255.</param>
    /// <param name="nextRip">Address after the instruction.</param>
    /// <param name="privileged">True for INT1, which checks no DPL.</param>
    /// <returns>False when a fault was recorded; RIP is still at the instruction.</returns>
    public static bool Software(CpuState* s, int vector, ulong nextRip, bool privileged = false) => false;

    /// <summary>To be called after IF went from 0 to 1: an interrupt that waited asks for the block's end again.</summary>
    /// <param name="s">The state.</param>
    public static void InterruptsEnabled(CpuState* s)
    {
    }
}
