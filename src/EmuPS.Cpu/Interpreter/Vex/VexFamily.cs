using EmuPS.Cpu.Decoding;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>Chooses the handlers of VEX-encoded vector instructions: most run on the host's processor (<see cref="HostVectorCode"/>), those that go to memory element by element or change state beyond the operands have handlers of their own.</summary>
internal static unsafe class VexFamily
{
    /// <summary>Bit of <see cref="Op.Aux"/>, above the operand's size: the memory operand must be aligned to its size.</summary>
    public const int AlignedOperand = 0x100;

    /// <summary>Chooses the handler of a vector instruction.</summary>
    /// <param name="i">The instruction, for which <see cref="VexInstructions.IsVector"/> is true.</param>
    /// <param name="op">The op with its address fields filled; its register fields are filled here.</param>
    /// <param name="host">Runs instructions on the host.</param>
    /// <returns>False when the instruction is not offered.</returns>
    public static bool TryBind(in Instruction i, Op* op, HostVectorCode host)
    {
        FillRegisters(i, op);
        switch (i.Mnemonic)
        {
            case Mnemonic.Vzeroupper:
                op->Fn = &VexState.ZeroUpper;
                return true;
            case Mnemonic.Vzeroall:
                op->Fn = &VexState.ZeroAll;
                return true;
            case Mnemonic.Vldmxcsr:
                op->Fn = &VexState.LoadMxcsr;
                return true;
            case Mnemonic.Vstmxcsr:
                op->Fn = &VexState.StoreMxcsr;
                return true;
            case Mnemonic.Vmaskmovdqu:
                // The family of MASKMOVDQU counts the implicit memory operand.
                op->Src2 = op->Src;
                op->Src = op->Dst;
                op->Fn = &MaskedMoves.StoreBytes;
                return true;
            case Mnemonic.Vmaskmovps or Mnemonic.Vpmaskmovd:
                return MaskedMoves.Bind<uint>(i, op);
            case Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovq:
                return MaskedMoves.Bind<ulong>(i, op);
        }

        if (i.IsVsib)
        {
            return Gathers.TryBind(i, op);
        }

        op->Imm = host.Find(i);
        int memory = HostVectorCode.MemoryOperand(i);
        if (memory >= 0)
        {
            op->Aux = (ushort)(i.MemorySize.GetSize() | (VexInstructions.Alignment(i) > 1 ? AlignedOperand : 0));
        }

        op->Fn = memory < 0 ? &HostVectors.Register : memory == 0 ? &HostVectors.Store : &HostVectors.Load;
        return op->Imm != 0;
    }

    /// <summary>Register operands in their order, those in memory left out.</summary>
    private static void FillRegisters(in Instruction i, Op* op)
    {
        int count = 0;
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) != OpKind.Register)
            {
                continue;
            }

            ushort offset = RegisterOffset.Of(i.GetOpRegister(n));
            switch (count++)
            {
                case 0:
                    op->Dst = offset;
                    break;
                case 1:
                    op->Src = offset;
                    break;
                case 2:
                    op->Src2 = offset;
                    break;
                default:
                    op->Aux = offset;
                    break;
            }
        }
    }
}
