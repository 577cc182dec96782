using System.Collections.Frozen;
using EmuPS.Cpu.Interpreter.Vex;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Which instructions are copied to host code with their registers renamed. Whatever is not here, the interpreter executes.</summary>
internal static class NativeInstructions
{
    private static readonly FrozenSet<Mnemonic> s_general = new[]
    {
        Mnemonic.Mov, Mnemonic.Movzx, Mnemonic.Movsx, Mnemonic.Movsxd, Mnemonic.Movbe, Mnemonic.Bswap, Mnemonic.Xchg, Mnemonic.Xadd,
        Mnemonic.Cmpxchg, Mnemonic.Cmpxchg8b, Mnemonic.Cmpxchg16b,
        Mnemonic.Add, Mnemonic.Adc, Mnemonic.Sub, Mnemonic.Sbb, Mnemonic.And, Mnemonic.Or, Mnemonic.Xor, Mnemonic.Cmp, Mnemonic.Test,
        Mnemonic.Inc, Mnemonic.Dec, Mnemonic.Neg, Mnemonic.Not, Mnemonic.Adcx, Mnemonic.Adox,
        Mnemonic.Shl, Mnemonic.Shr, Mnemonic.Sar, Mnemonic.Sal, Mnemonic.Rol, Mnemonic.Ror, Mnemonic.Rcl, Mnemonic.Rcr, Mnemonic.Shld, Mnemonic.Shrd,
        Mnemonic.Mul, Mnemonic.Imul, Mnemonic.Cbw, Mnemonic.Cwde, Mnemonic.Cdqe, Mnemonic.Cwd, Mnemonic.Cdq, Mnemonic.Cqo,
        Mnemonic.Bt, Mnemonic.Bts, Mnemonic.Btr, Mnemonic.Btc, Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Tzcnt, Mnemonic.Lzcnt, Mnemonic.Popcnt, Mnemonic.Crc32,
        Mnemonic.Andn, Mnemonic.Bextr, Mnemonic.Blsi, Mnemonic.Blsr, Mnemonic.Blsmsk, Mnemonic.Bzhi, Mnemonic.Pdep, Mnemonic.Pext,
        Mnemonic.Rorx, Mnemonic.Sarx, Mnemonic.Shlx, Mnemonic.Shrx, Mnemonic.Mulx,
        Mnemonic.Clc, Mnemonic.Stc, Mnemonic.Cmc, Mnemonic.Lahf, Mnemonic.Sahf, Mnemonic.Movnti,
        Mnemonic.Cmova, Mnemonic.Cmovae, Mnemonic.Cmovb, Mnemonic.Cmovbe, Mnemonic.Cmove, Mnemonic.Cmovne, Mnemonic.Cmovg, Mnemonic.Cmovge,
        Mnemonic.Cmovl, Mnemonic.Cmovle, Mnemonic.Cmovo, Mnemonic.Cmovno, Mnemonic.Cmovp, Mnemonic.Cmovnp, Mnemonic.Cmovs, Mnemonic.Cmovns,
        Mnemonic.Seta, Mnemonic.Setae, Mnemonic.Setb, Mnemonic.Setbe, Mnemonic.Sete, Mnemonic.Setne, Mnemonic.Setg, Mnemonic.Setge,
        Mnemonic.Setl, Mnemonic.Setle, Mnemonic.Seto, Mnemonic.Setno, Mnemonic.Setp, Mnemonic.Setnp, Mnemonic.Sets, Mnemonic.Setns,
    }.ToFrozenSet();

    /// <summary>Hints and fences that a single processor with coherent memory need not see.</summary>
    private static readonly FrozenSet<Mnemonic> s_hints = new[]
    {
        Mnemonic.Nop, Mnemonic.Reservednop, Mnemonic.Endbr32, Mnemonic.Endbr64, Mnemonic.Pause, Mnemonic.Prefetchnta, Mnemonic.Prefetcht0,
        Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetch, Mnemonic.Prefetchw, Mnemonic.Clflush, Mnemonic.Clflushopt, Mnemonic.Clwb,
        Mnemonic.Lfence, Mnemonic.Sfence,
    }.ToFrozenSet();

    /// <summary>Vector instructions with implicit memory or with state beyond the registers.</summary>
    private static readonly FrozenSet<Mnemonic> s_notVector = new[]
    {
        Mnemonic.Maskmovdqu, Mnemonic.Maskmovq, Mnemonic.Ldmxcsr, Mnemonic.Stmxcsr, Mnemonic.Movdq2q, Mnemonic.Movq2dq, Mnemonic.Emms,
    }.ToFrozenSet();

    /// <summary>Whether an instruction is a hint that needs no code.</summary>
    /// <param name="mnemonic">The mnemonic.</param>
    public static bool IsHint(Mnemonic mnemonic) => s_hints.Contains(mnemonic);

    /// <summary>Whether an integer instruction may be copied.</summary>
    /// <param name="i">The instruction.</param>
    public static bool IsGeneral(in Instruction i) => s_general.Contains(i.Mnemonic) && i.Encoding is EncodingKind.Legacy or EncodingKind.VEX && !UsesSpecialRegister(i);

    /// <summary>Whether a legacy-encoded SSE instruction on XMM registers may be copied.</summary>
    /// <param name="i">The instruction.</param>
    public static bool IsVector(in Instruction i)
    {
        if (i.Encoding != EncodingKind.Legacy || s_notVector.Contains(i.Mnemonic))
        {
            return false;
        }

        foreach (CpuidFeature feature in i.CpuidFeatures)
        {
            if (feature is not (CpuidFeature.SSE or CpuidFeature.SSE2 or CpuidFeature.SSE3 or CpuidFeature.SSSE3 or CpuidFeature.SSE4_1 or CpuidFeature.SSE4_2
                or CpuidFeature.AES or CpuidFeature.PCLMULQDQ or CpuidFeature.SHA))
            {
                return false;
            }
        }

        bool usesXmm = false;
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Register)
            {
                Register register = i.GetOpRegister(n);
                if (register.IsMM())
                {
                    return false;
                }

                usesXmm |= register.IsXMM();
            }
        }

        return usesXmm;
    }

    /// <summary>Whether a VEX-encoded vector instruction may be copied: all but gathers, and those with implicit memory or with state beyond the registers.</summary>
    /// <param name="i">The instruction.</param>
    public static bool IsVexVector(in Instruction i)
        => VexInstructions.IsVector(i) && !i.IsVsib
            && i.Mnemonic is not (Mnemonic.Vmaskmovdqu or Mnemonic.Vldmxcsr or Mnemonic.Vstmxcsr or Mnemonic.Vzeroall or Mnemonic.Vzeroupper);

    private static bool UsesSpecialRegister(in Instruction i)
    {
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Register && !i.GetOpRegister(n).IsGPR())
            {
                return true;
            }
        }

        return false;
    }
}
