using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>Which instructions end a block though control simply goes on behind them.</summary>
internal static class BlockEnds
{
    /// <summary>Whether the mode bits, the address space, the interrupt state or the machine itself may be another one after the instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    public static bool After(in Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Sti:
            case Mnemonic.Hlt:
            case Mnemonic.Stac:
            case Mnemonic.Clac:
            case Mnemonic.Popf:
            case Mnemonic.Popfd:
            case Mnemonic.Popfq:
            case Mnemonic.Into:
            case Mnemonic.Lmsw:
            case Mnemonic.Lss:
            case Mnemonic.Wrmsr:
            case Mnemonic.Xsetbv:
            case Mnemonic.Invlpg:
            case Mnemonic.Invpcid:
            case Mnemonic.Out:
            case Mnemonic.Outsb:
            case Mnemonic.Outsw:
            case Mnemonic.Outsd:

            // It serialises: whatever another processor has written as code before must be fetched behind it.
            case Mnemonic.Cpuid:
                return true;
            case Mnemonic.Pop:
                return instruction.GetOpKind(0) == OpKind.Register && instruction.GetOpRegister(0) == Register.SS;
            case Mnemonic.Mov:
                return instruction.GetOpKind(0) == OpKind.Register && EndsMov(instruction.GetOpRegister(0));
            default:
                return false;
        }
    }

    private static bool EndsMov(Register destination)
        => destination == Register.SS || destination.IsCR() || destination.IsDR();
}
