namespace EmuPS.Cpu.Cpuid;

/// <summary>A register that CPUID answers in.</summary>
internal enum CpuidRegister
{
    Eax,
    Ebx,
    Ecx,
    Edx,
}
