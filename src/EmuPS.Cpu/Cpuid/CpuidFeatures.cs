using System.Collections.Generic;

namespace EmuPS.Cpu.Cpuid;

/// <summary>The features that the processor model wants to announce (SDM vol. 2, CPUID). A feature with instructions is announced only when the engine offers all of them.</summary>
internal static class CpuidFeatures
{
    private const uint Basic = 1;
    private const uint Structured = 7;
    private const uint ExtendedState = 0xD;
    private const uint Extended = 0x8000_0001;
    private const uint Power = 0x8000_0007;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CpuidFeatureBit> All { get; } =
    [
        new("fpu", Basic, 0, CpuidRegister.Edx, 0, ["D9E8"]),
        new("de", Basic, 0, CpuidRegister.Edx, 2, []),
        new("pse", Basic, 0, CpuidRegister.Edx, 3, []),
        new("tsc", Basic, 0, CpuidRegister.Edx, 4, ["0F31"]),
        new("msr", Basic, 0, CpuidRegister.Edx, 5, ["0F32", "0F30"]),
        new("pae", Basic, 0, CpuidRegister.Edx, 6, []),
        new("mce", Basic, 0, CpuidRegister.Edx, 7, []),
        new("cx8", Basic, 0, CpuidRegister.Edx, 8, ["0FC70F"]),
        new("sep", Basic, 0, CpuidRegister.Edx, 11, ["0F34", "0F35"]),
        new("mtrr", Basic, 0, CpuidRegister.Edx, 12, []),
        new("pge", Basic, 0, CpuidRegister.Edx, 13, []),
        new("mca", Basic, 0, CpuidRegister.Edx, 14, []),
        new("cmov", Basic, 0, CpuidRegister.Edx, 15, ["0F44C1"]),
        new("pat", Basic, 0, CpuidRegister.Edx, 16, []),
        new("clflush", Basic, 0, CpuidRegister.Edx, 19, ["0FAE3F"]),
        new("mmx", Basic, 0, CpuidRegister.Edx, 23, ["0FEFC0"]),
        new("fxsr", Basic, 0, CpuidRegister.Edx, 24, ["0FAE07", "0FAE0F"]),
        new("sse", Basic, 0, CpuidRegister.Edx, 25, ["0F58C1"]),
        new("sse2", Basic, 0, CpuidRegister.Edx, 26, ["660F58C1"]),

        new("sse3", Basic, 0, CpuidRegister.Ecx, 0, ["F20F7CC1", "F20F12C1"]),
        new("pclmulqdq", Basic, 0, CpuidRegister.Ecx, 1, ["660F3A44C100"]),
        new("ssse3", Basic, 0, CpuidRegister.Ecx, 9, ["660F3800C1"]),
        new("fma", Basic, 0, CpuidRegister.Ecx, 12, ["C4E2F198C2"]),
        new("cx16", Basic, 0, CpuidRegister.Ecx, 13, ["480FC70F"]),
        new("pcid", Basic, 0, CpuidRegister.Ecx, 17, []),
        new("sse4.1", Basic, 0, CpuidRegister.Ecx, 19, ["660F3A0CC100"]),
        new("sse4.2", Basic, 0, CpuidRegister.Ecx, 20, ["660F3837C1", "F20F38F1C1"]),
        new("x2apic", Basic, 0, CpuidRegister.Ecx, 21, []),
        new("movbe", Basic, 0, CpuidRegister.Ecx, 22, ["0F38F007"]),
        new("popcnt", Basic, 0, CpuidRegister.Ecx, 23, ["F30FB8C1"]),
        new("tsc_deadline_timer", Basic, 0, CpuidRegister.Ecx, 24, []),
        new("aes", Basic, 0, CpuidRegister.Ecx, 25, ["660F38DCC1"]),
        new("xsave", Basic, 0, CpuidRegister.Ecx, 26, ["0FAE27", "0FAE2F", "0F01D0", "0F01D1"]),
        new("avx", Basic, 0, CpuidRegister.Ecx, 28, ["C5F058C2"]),
        new("f16c", Basic, 0, CpuidRegister.Ecx, 29, ["C4E27913C0"]),
        new("rdrand", Basic, 0, CpuidRegister.Ecx, 30, ["0FC7F0"]),
        new("hypervisor", Basic, 0, CpuidRegister.Ecx, 31, []),

        new("fsgsbase", Structured, 0, CpuidRegister.Ebx, 0, ["F30FAEC0", "F30FAED0"]),
        new("tsc_adjust", Structured, 0, CpuidRegister.Ebx, 1, []),
        new("bmi1", Structured, 0, CpuidRegister.Ebx, 3, ["C4E278F2C1", "F30FBCC1"]),
        new("avx2", Structured, 0, CpuidRegister.Ebx, 5, ["C5F5FEC2"]),
        new("smep", Structured, 0, CpuidRegister.Ebx, 7, []),
        new("bmi2", Structured, 0, CpuidRegister.Ebx, 8, ["C4E271F7C0"]),
        new("erms", Structured, 0, CpuidRegister.Ebx, 9, ["F3A4", "F3AA"]),
        new("invpcid", Structured, 0, CpuidRegister.Ebx, 10, ["660F388207"]),
        new("zero_fcs_fds", Structured, 0, CpuidRegister.Ebx, 13, []),
        new("rdseed", Structured, 0, CpuidRegister.Ebx, 18, ["0FC7F8"]),
        new("adx", Structured, 0, CpuidRegister.Ebx, 19, ["660F38F6C1", "F30F38F6C1"]),
        new("smap", Structured, 0, CpuidRegister.Ebx, 20, ["0F01CA", "0F01CB"]),
        new("clflushopt", Structured, 0, CpuidRegister.Ebx, 23, ["660FAE3F"]),
        new("clwb", Structured, 0, CpuidRegister.Ebx, 24, ["660FAE37"]),
        new("sha_ni", Structured, 0, CpuidRegister.Ebx, 29, ["0F38CCC1"]),
        new("umip", Structured, 0, CpuidRegister.Ecx, 2, []),
        new("rdpid", Structured, 0, CpuidRegister.Ecx, 22, ["F30FC7F8"]),
        new("fsrm", Structured, 0, CpuidRegister.Edx, 4, ["F3A4"]),
        new("ibrs", Structured, 0, CpuidRegister.Edx, 26, []),
        new("stibp", Structured, 0, CpuidRegister.Edx, 27, []),
        new("arch_capabilities", Structured, 0, CpuidRegister.Edx, 29, []),
        new("ssbd", Structured, 0, CpuidRegister.Edx, 31, []),

        new("xsaveopt", ExtendedState, 1, CpuidRegister.Eax, 0, ["0FAE37"]),
        new("xsavec", ExtendedState, 1, CpuidRegister.Eax, 1, ["0FC727"]),
        new("xgetbv1", ExtendedState, 1, CpuidRegister.Eax, 2, ["0FAE27", "0F01D0"]),

        new("lahf_lm", Extended, 0, CpuidRegister.Ecx, 0, ["9F"]),
        new("abm", Extended, 0, CpuidRegister.Ecx, 5, ["F30FBDC1"]),
        new("3dnowprefetch", Extended, 0, CpuidRegister.Ecx, 8, ["0F0D0F"]),
        new("syscall", Extended, 0, CpuidRegister.Edx, 11, ["0F05", "480F07"]),
        new("nx", Extended, 0, CpuidRegister.Edx, 20, []),
        new("pdpe1gb", Extended, 0, CpuidRegister.Edx, 26, []),
        new("rdtscp", Extended, 0, CpuidRegister.Edx, 27, ["0F01F9"]),
        new("lm", Extended, 0, CpuidRegister.Edx, 29, []),
        new("invtsc", Power, 0, CpuidRegister.Edx, 8, []),
    ];
}
