using System.Runtime.CompilerServices;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The checks that come before every x87, MMX and SSE instruction (SDM vol. 3, 2.5 and 14.1). Each records the fault and returns false; the handler then returns <c>Fault.Raise(s, op)</c>.</summary>
internal static unsafe class VectorState
{
    /// <summary>CR0.MP: WAIT obeys CR0.TS.</summary>
    public const ulong Cr0Mp = 1 << 1;

    /// <summary>CR0.EM: no x87; SSE and MMX are undefined.</summary>
    public const ulong Cr0Em = 1 << 2;

    /// <summary>CR0.TS: the task was switched, the floating-point state may be another's.</summary>
    public const ulong Cr0Ts = 1 << 3;

    /// <summary>CR4.OSFXSR: the system saves the SSE state.</summary>
    public const ulong Cr4Osfxsr = 1 << 9;

    /// <summary>CR4.OSXMMEXCPT: the system handles #XM.</summary>
    public const ulong Cr4Osxmmexcpt = 1 << 10;

    /// <summary>CR4.OSXSAVE: the system saves what XCR0 says.</summary>
    public const ulong Cr4Osxsave = 1 << 18;

    /// <summary>XCR0: the state of SSE and of AVX.</summary>
    public const ulong Xcr0Avx = 6;

    /// <summary>FSW.ES: an unmasked x87 exception is pending.</summary>
    public const int FswErrorSummary = 1 << 7;

    /// <summary>Whether an SSE instruction may run: #UD with CR0.EM or without CR4.OSFXSR, #NM with CR0.TS.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SseAvailable(CpuState* s)
        => ((s->Cr0 & (Cr0Em | Cr0Ts)) | (~s->Cr4 & Cr4Osfxsr)) == 0 || RecordSse(s);

    /// <summary>Whether a VEX-encoded vector instruction may run: #UD without CR4.OSXSAVE or unless XCR0 has SSE and AVX, #NM with CR0.TS (SDM vol. 2, 2.4). CR0.EM and CR4.OSFXSR do not count.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AvxAvailable(CpuState* s)
        => ((s->Cr0 & Cr0Ts) | (~s->Cr4 & Cr4Osxsave) | (~s->Xcr0 & Xcr0Avx)) == 0 || RecordAvx(s);

    /// <summary>Like <see cref="SseAvailable"/>, for handlers that call nothing else: the fault is left to <see cref="RaiseSse"/>, so that the handler needs no stack frame.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SseEnabled(CpuState* s)
        => ((s->Cr0 & (Cr0Em | Cr0Ts)) | (~s->Cr4 & Cr4Osfxsr)) == 0;

    /// <summary>Ends a handler whose <see cref="SseEnabled"/> was false.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Op* RaiseSse(CpuState* s, Op* op)
    {
        RecordSse(s);
        return Fault.Raise(s, op);
    }

    /// <summary>Whether an MMX instruction may run: #UD with CR0.EM, #NM with CR0.TS, #MF with a pending x87 exception. The caller marks all x87 registers in use and clears the stack top once nothing can fault any more.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MmxAvailable(CpuState* s)
        => ((s->Cr0 & (Cr0Em | Cr0Ts)) | ((uint)s->Fsw & FswErrorSummary)) == 0 || RecordMmx(s);

    /// <summary>Whether a non-waiting x87 instruction (FNINIT, FNSTSW and their like), FXSAVE or FXRSTOR may run: #NM with CR0.EM or CR0.TS.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool X87Available(CpuState* s)
        => (s->Cr0 & (Cr0Em | Cr0Ts)) == 0 || RecordFault(s, Vector.DeviceNotAvailable);

    /// <summary>Whether a waiting x87 instruction may run: like <see cref="X87Available"/>, and #MF with a pending exception.</summary>
    /// <remarks>With CR0.NE clear a processor would assert FERR# and let the interrupt controller tell; the guests we run set CR0.NE, so the answer is #MF in both cases.</remarks>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool X87Ready(CpuState* s)
        => ((s->Cr0 & (Cr0Em | Cr0Ts)) | ((uint)s->Fsw & FswErrorSummary)) == 0 || RecordX87(s);

    /// <summary>Whether a 16-byte legacy SSE memory operand is aligned; #GP(0) otherwise, whatever the segment.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Aligned16(CpuState* s, ulong address)
        => (address & 15) == 0 || RecordFault(s, Vector.GeneralProtection);

    /// <summary>Records the fault of an unmasked SSE floating-point exception: #XM, or #UD where the system does not handle it.</summary>
    /// <param name="s">The state.</param>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool RecordSimd(CpuState* s)
        => RecordFault(s, (s->Cr4 & Cr4Osxmmexcpt) != 0 ? Vector.SimdFloatingPoint : Vector.InvalidOpcode);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RecordSse(CpuState* s)
        => RecordFault(s, (s->Cr0 & Cr0Em) != 0 || (s->Cr4 & Cr4Osfxsr) == 0 ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RecordAvx(CpuState* s)
        => RecordFault(s, (s->Cr4 & Cr4Osxsave) == 0 || (s->Xcr0 & Xcr0Avx) != Xcr0Avx ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RecordMmx(CpuState* s)
        => RecordFault(s, (s->Cr0 & Cr0Em) != 0 ? Vector.InvalidOpcode : (s->Cr0 & Cr0Ts) != 0 ? Vector.DeviceNotAvailable : Vector.FloatingPoint);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RecordX87(CpuState* s)
        => RecordFault(s, (s->Cr0 & (Cr0Em | Cr0Ts)) != 0 ? Vector.DeviceNotAvailable : Vector.FloatingPoint);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RecordFault(CpuState* s, int vector)
    {
        Fault.Record(s, vector);
        return false;
    }
}
