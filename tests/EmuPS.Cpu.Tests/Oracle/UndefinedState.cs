using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>What an instruction leaves undefined, so that no comparison looks at it.</summary>
internal static class UndefinedState
{
    /// <summary>Status flags that are undefined after a case.</summary>
    /// <param name="c">The case.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="result">The outcome: a fault leaves all flags as they were.</param>
    public static unsafe ulong Flags(ref TestCase c, in Instruction instruction, in TestResult result)
    {
        if (result.Vector != TestResult.Completed)
        {
            return 0;
        }

        RflagsBits undefined = instruction.RflagsUndefined;
        if (instruction.Mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr
            or Mnemonic.Shld or Mnemonic.Shrd)
        {
            int operand = instruction.OpCount - 1;
            undefined = OfShift(instruction, instruction.GetOpKind(operand) == OpKind.Register ? (int)c.Gpr[1] : (int)instruction.GetImmediate(operand));
        }

        return ToFlags(undefined);
    }

    /// <summary>Flags that a shift or a rotation leaves undefined.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="count">Its count, not yet cut.</param>
    public static RflagsBits OfShift(in Instruction instruction, int count)
    {
        // Iced answers for any count: a count of 0 changes nothing, and 1 defines OF.
        int size = instruction.Op0Kind == OpKind.Register ? instruction.Op0Register.GetSize() : instruction.MemorySize.GetSize();
        count &= size == 8 ? 63 : 31;
        bool rotate = instruction.Mnemonic is Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr;
        RflagsBits undefined = count switch
        {
            0 => RflagsBits.None,
            1 => rotate ? RflagsBits.None : RflagsBits.AF,
            _ => rotate ? RflagsBits.OF : RflagsBits.OF | RflagsBits.AF,
        };

        // CF is the last bit shifted out, as long as there is one.
        return !rotate && count > size * 8 ? undefined | RflagsBits.CF : undefined;
    }

    /// <summary>Iced's flag bits at their places in RFLAGS.</summary>
    /// <param name="undefined">The flags.</param>
    public static ulong ToFlags(RflagsBits undefined)
    {
        ulong flags = 0;
        flags |= (undefined & RflagsBits.CF) != 0 ? State.Flags.Cf : 0;
        flags |= (undefined & RflagsBits.PF) != 0 ? State.Flags.Pf : 0;
        flags |= (undefined & RflagsBits.AF) != 0 ? State.Flags.Af : 0;
        flags |= (undefined & RflagsBits.ZF) != 0 ? State.Flags.Zf : 0;
        flags |= (undefined & RflagsBits.SF) != 0 ? State.Flags.Sf : 0;
        flags |= (undefined & RflagsBits.OF) != 0 ? State.Flags.Of : 0;
        return flags;
    }

    /// <summary>Whether an instruction's result depends on the model of the processor, so that there is nothing to compare.</summary>
    /// <param name="c">The case.</param>
    /// <param name="instruction">The instruction.</param>
    public static unsafe bool IsResultUndefined(ref TestCase c, in Instruction instruction)
    {
        switch (instruction.Code)
        {
            // Counts beyond the operand size (SDM vol. 2, SHLD and SHRD).
            case Code.Shld_rm16_r16_CL or Code.Shrd_rm16_r16_CL:
                return (c.Gpr[1] & 31) > 16;
            case Code.Shld_rm16_r16_imm8 or Code.Shrd_rm16_r16_imm8:
                return (instruction.Immediate8 & 31) > 16;

            // Intel reads two bytes, AMD four.
            case Code.Movsxd_r16_rm16:
                return instruction.Op1Kind == OpKind.Memory;

            // A hint on Intel, #UD on AMD.
            case Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D:
                return instruction.Op0Kind == OpKind.Register;
            default:
                return false;
        }
    }

    /// <summary>Condition codes of the x87 status word that are undefined after an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="result">The outcome.</param>
    public static ushort X87Status(in Instruction instruction, in TestResult result)
    {
        if (result.Vector != TestResult.Completed)
        {
            return 0;
        }

        RflagsBits undefined = instruction.RflagsUndefined;
        int bits = 0;
        bits |= (undefined & RflagsBits.C0) != 0 ? 0x100 : 0;
        bits |= (undefined & RflagsBits.C1) != 0 ? 0x200 : 0;
        bits |= (undefined & RflagsBits.C2) != 0 ? 0x400 : 0;
        bits |= (undefined & RflagsBits.C3) != 0 ? 0x4000 : 0;
        return (ushort)bits;
    }

    /// <summary>Beside an unmasked overflow or underflow of a VEX-encoded instruction, PE depends on how the result would round with an unbounded exponent, and a masked run does not tell.</summary>
    /// <param name="host">The real processor's result; gets the other's PE.</param>
    /// <param name="emulated">The emulated processor's result.</param>
    public static void IgnorePrecisionOfUnboundedExponents(ref TestResult host, in TestResult emulated)
    {
        const uint OverflowAndUnderflow = 0x18;
        const uint Precision = 0x20;
        if (host.Vector == 19 && (host.Mxcsr & ~(host.Mxcsr >> 7) & OverflowAndUnderflow) != 0)
        {
            host.Mxcsr = (host.Mxcsr & ~Precision) | (emulated.Mxcsr & Precision);
        }
    }
}
