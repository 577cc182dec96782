using System.Runtime.Intrinsics.X86;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Which instructions the host's processor has.</summary>
internal static class HostFeatures
{
    /// <summary>Whether the host runs a code in a mode.</summary>
    /// <param name="code">The code.</param>
    /// <param name="bits">64 or 32.</param>
    public static bool Supports(Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        if (!(bits == 64 ? info.Mode64 : info.Mode32))
        {
            return false;
        }

        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            if (!Supports(feature))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Supports(CpuidFeature feature) => feature switch
    {
        CpuidFeature.ADX => Leaf7Ebx(19),
        CpuidFeature.AES => Aes.IsSupported,
        CpuidFeature.AVX => Avx.IsSupported,
        CpuidFeature.AVX2 => Avx2.IsSupported,
        CpuidFeature.BMI1 => Bmi1.IsSupported,
        CpuidFeature.BMI2 => Bmi2.IsSupported,
        CpuidFeature.CLFLUSHOPT => Leaf7Ebx(23),
        CpuidFeature.CLWB => Leaf7Ebx(24),
        CpuidFeature.F16C => Leaf1Ecx(29),
        CpuidFeature.FMA => Fma.IsSupported,
        CpuidFeature.FSGSBASE => Leaf7Ebx(0),
        CpuidFeature.INVPCID => Leaf7Ebx(10),
        CpuidFeature.LZCNT => Lzcnt.IsSupported,
        CpuidFeature.MOVBE => Leaf1Ecx(22),
        CpuidFeature.PCLMULQDQ => Pclmulqdq.IsSupported,
        CpuidFeature.POPCNT => Popcnt.IsSupported,
        CpuidFeature.SHA => Leaf7Ebx(29),
        CpuidFeature.SSE4_1 => Sse41.IsSupported,
        CpuidFeature.SSE4_2 => Sse42.IsSupported,
        CpuidFeature.XSAVE => Leaf1Ecx(27),
        >= CpuidFeature.INTEL8086 and <= CpuidFeature.INTEL486 => feature is not (CpuidFeature.INTEL8086_ONLY or CpuidFeature.INTEL286_ONLY
            or CpuidFeature.INTEL386_ONLY or CpuidFeature.INTEL386_A0_ONLY),
        CpuidFeature.X64 or CpuidFeature.CLFSH or CpuidFeature.CMOV or CpuidFeature.CMPXCHG16B or CpuidFeature.CPUID or CpuidFeature.CX8 or CpuidFeature.FPU
            or CpuidFeature.FPU287 or CpuidFeature.FPU387 or CpuidFeature.FXSR or CpuidFeature.MMX or CpuidFeature.MULTIBYTENOP or CpuidFeature.PAUSE
            or CpuidFeature.PREFETCHW or CpuidFeature.SSE or CpuidFeature.SSE2 or CpuidFeature.SSE3 or CpuidFeature.SSSE3 or CpuidFeature.TSC or CpuidFeature.MSR or CpuidFeature.RDPMC => true,

        // Hints that older processors take for NOP.
        CpuidFeature.CET_IBT or CpuidFeature.CLDEMOTE or CpuidFeature.PREFETCHWT1 => true,
        _ => false,
    };

    private static bool Leaf1Ecx(int bit) => ((X86Base.CpuId(1, 0).Ecx >> bit) & 1) != 0;

    private static bool Leaf7Ebx(int bit) => ((X86Base.CpuId(7, 0).Ebx >> bit) & 1) != 0;
}
