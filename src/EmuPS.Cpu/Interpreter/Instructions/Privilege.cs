using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Privilege checks that system instructions share.</summary>
internal static unsafe class Privilege
{
    /// <summary>CR4.TSD.</summary>
    public const ulong Cr4Tsd = 1 << 2;

    /// <summary>CR4.UMIP.</summary>
    public const ulong Cr4Umip = 1 << 11;

    /// <summary>CR4.FSGSBASE.</summary>
    public const ulong Cr4FsGsBase = 1 << 16;

    /// <summary>CR4.PCIDE.</summary>
    public const ulong Cr4Pcide = 1 << 17;

    /// <summary>CR4.OSXSAVE.</summary>
    public const ulong Cr4OsXsave = 1 << 18;

    /// <summary>CPL 0, which real mode has too.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSupervisor(CpuState* s) => s->Cpl == 0;

    /// <summary>Whether UMIP forbids SGDT, SIDT, SLDT, STR and SMSW.</summary>
    /// <param name="s">The state.</param>
    public static bool IsHidden(CpuState* s) => s->Cpl != 0 && (s->Cr4 & Cr4Umip) != 0;

    /// <summary>Whether IOPL allows CLI, STI, and in virtual-8086 mode PUSHF and POPF too.</summary>
    /// <param name="s">The state.</param>
    public static bool MayControlInterrupts(CpuState* s) => s->Cpl <= FlagImages.Iopl(s);

    /// <summary>The PCID of the present address space; 0 when CR4.PCIDE is clear.</summary>
    /// <param name="s">The state.</param>
    public static int Pcid(CpuState* s) => (s->Cr4 & Cr4Pcide) != 0 ? (int)(s->Cr3 & 0xFFF) : 0;
}
