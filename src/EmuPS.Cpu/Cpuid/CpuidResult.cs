namespace EmuPS.Cpu.Cpuid;

/// <summary>What CPUID puts into the four registers.</summary>
/// <param name="Eax">EAX.</param>
/// <param name="Ebx">EBX.</param>
/// <param name="Ecx">ECX.</param>
/// <param name="Edx">EDX.</param>
internal readonly record struct CpuidResult(uint Eax, uint Ebx, uint Ecx, uint Edx)
{
    /// <summary>The same with more bits set in one register.</summary>
    /// <param name="register">The register.</param>
    /// <param name="bits">The bits.</param>
    public CpuidResult With(CpuidRegister register, uint bits) => register switch
    {
        CpuidRegister.Eax => this with { Eax = Eax | bits },
        CpuidRegister.Ebx => this with { Ebx = Ebx | bits },
        CpuidRegister.Ecx => this with { Ecx = Ecx | bits },
        _ => this with { Edx = Edx | bits },
    };

    /// <summary>One register.</summary>
    /// <param name="register">Which.</param>
    public uint this[CpuidRegister register] => register switch
    {
        CpuidRegister.Eax => Eax,
        CpuidRegister.Ebx => Ebx,
        CpuidRegister.Ecx => Ecx,
        _ => Edx,
    };
}
