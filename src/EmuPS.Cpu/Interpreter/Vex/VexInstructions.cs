using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>Which VEX-encoded instructions are offered where the host has them: the vector instructions of x86-64-v3.</summary>
internal static class VexInstructions
{
    /// <summary>Whether an instruction is one of AVX, AVX2, FMA or F16C, or the 128-bit VEX form of AES or PCLMULQDQ.</summary>
    /// <param name="i">The instruction.</param>
    public static bool IsVector(in Instruction i)
    {
        if (i.Encoding != EncodingKind.VEX)
        {
            return false;
        }

        foreach (CpuidFeature feature in i.CpuidFeatures)
        {
            if (feature is not (CpuidFeature.AVX or CpuidFeature.AVX2 or CpuidFeature.FMA or CpuidFeature.F16C or CpuidFeature.AES or CpuidFeature.PCLMULQDQ))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes that the address of the memory operand must be a multiple of; 1 for any. VEX forms demand alignment of nothing but the moves that are named so.</summary>
    /// <param name="i">The instruction.</param>
    public static int Alignment(in Instruction i)
        => i.Mnemonic is Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovdqa or Mnemonic.Vmovntps or Mnemonic.Vmovntpd or Mnemonic.Vmovntdq or Mnemonic.Vmovntdqa
            ? i.MemorySize.GetSize()
            : 1;
}
