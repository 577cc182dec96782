using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>What the host offers to translated code.</summary>
internal static class HostFeatures
{
    /// <summary>Whether guest code can be translated here: an x64 host of the Haswell level with the System V calling convention.</summary>
    public static bool CanTranslate => RuntimeInformation.ProcessArchitecture == Architecture.X64 && !System.OperatingSystem.IsWindows()
        && Bmi1.X64.IsSupported && Bmi2.X64.IsSupported && Lzcnt.X64.IsSupported && Popcnt.X64.IsSupported && Sse42.X64.IsSupported;

    /// <summary>Whether vector instructions of x86-64-v3 can be executed here: AVX, AVX2, FMA, F16C, and with them AES and PCLMULQDQ.</summary>
    public static bool HasVex => CanTranslate && Avx2.IsSupported && Fma.IsSupported && Aes.IsSupported && Pclmulqdq.IsSupported
        && (X86Base.CpuId(1, 0).Ecx & (1 << 29)) != 0;

    /// <summary>Whether the host has an instruction that it need not have by <see cref="CanTranslate"/>.</summary>
    /// <param name="mnemonic">The mnemonic.</param>
    public static bool Has(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Movbe => (X86Base.CpuId(1, 0).Ecx & (1 << 22)) != 0,
        Mnemonic.Adcx or Mnemonic.Adox => (X86Base.CpuId(7, 0).Ebx & (1 << 19)) != 0,
        Mnemonic.Sha1msg1 or Mnemonic.Sha1msg2 or Mnemonic.Sha1nexte or Mnemonic.Sha1rnds4 or Mnemonic.Sha256msg1 or Mnemonic.Sha256msg2 or Mnemonic.Sha256rnds2
            => (X86Base.CpuId(7, 0).Ebx & (1 << 29)) != 0,
        Mnemonic.Aesdec or Mnemonic.Aesdeclast or Mnemonic.Aesenc or Mnemonic.Aesenclast or Mnemonic.Aesimc or Mnemonic.Aeskeygenassist => Aes.IsSupported,
        Mnemonic.Pclmulqdq => Pclmulqdq.IsSupported,
        _ => true,
    };
}
