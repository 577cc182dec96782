using System;
using System.Runtime.InteropServices;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Everything that code under test left behind.</summary>
[StructLayout(LayoutKind.Explicit, Size = OracleLayout.RecordSize)]
internal unsafe struct TestResult
{
    /// <summary><see cref="Vector"/> of code that ran to its end.</summary>
    public const int Completed = -1;

    /// <summary><see cref="Vector"/> of code that did not come back.</summary>
    public const int Hung = -2;

    /// <summary><see cref="Vector"/> of code that ended the oracle process.</summary>
    public const int Crashed = -3;

    /// <summary>General registers in the order of their numbers.</summary>
    [FieldOffset(0)] public fixed ulong Gpr[16];

    /// <summary>Address of the next instruction; after a fault, of the faulting one.</summary>
    [FieldOffset(0x80)] public ulong Rip;

    /// <summary>RFLAGS.</summary>
    [FieldOffset(0x88)] public ulong Flags;

    /// <summary>Exception vector, or one of the constants above.</summary>
    [FieldOffset(0x90)] public int Vector;

    /// <summary>Error code of the exception.</summary>
    [FieldOffset(0x94)] public uint ErrorCode;

    /// <summary>CR2 of a page fault.</summary>
    [FieldOffset(0x98)] public ulong Cr2;

    /// <summary>x87 and SSE state as FXSAVE stores it.</summary>
    [FieldOffset(OracleLayout.FxOffset)] public fixed byte Fx[512];

    /// <summary>Upper halves of YMM0 to YMM15.</summary>
    [FieldOffset(OracleLayout.YmmOffset)] public fixed byte YmmHigh[256];

    /// <summary>Memory at <see cref="OracleLayout.MiddleWindow"/>.</summary>
    [FieldOffset(OracleLayout.MiddleOffset)] public fixed byte Middle[OracleLayout.MiddleWindowSize];

    /// <summary>Memory at <see cref="OracleLayout.EndWindow"/>.</summary>
    [FieldOffset(OracleLayout.EndOffset)] public fixed byte End[OracleLayout.EndWindowSize];

    /// <summary>x87 control word.</summary>
    [FieldOffset(OracleLayout.FxOffset)] public ushort Fcw;

    /// <summary>x87 status word.</summary>
    [FieldOffset(OracleLayout.FxOffset + 2)] public ushort Fsw;

    /// <summary>x87 tags, abridged.</summary>
    [FieldOffset(OracleLayout.FxOffset + 4)] public byte Ftw;

    /// <summary>SSE control and status.</summary>
    [FieldOffset(OracleLayout.FxOffset + 24)] public uint Mxcsr;

    /// <summary>The 10 bytes of a register of the x87 stack.</summary>
    /// <param name="r">The result.</param>
    /// <param name="number">0 to 7, relative to the stack top.</param>
    public static Span<byte> St(ref TestResult r, int number) => MemoryMarshal.CreateSpan(ref r.Fx[32 + (16 * number)], 10);

    /// <summary>The low 16 bytes of a vector register.</summary>
    /// <param name="r">The result.</param>
    /// <param name="number">0 to 15.</param>
    public static Span<byte> Xmm(ref TestResult r, int number) => MemoryMarshal.CreateSpan(ref r.Fx[160 + (16 * number)], 16);

    /// <summary>The high 16 bytes of a vector register.</summary>
    /// <param name="r">The result.</param>
    /// <param name="number">0 to 15.</param>
    public static Span<byte> High(ref TestResult r, int number) => MemoryMarshal.CreateSpan(ref r.YmmHigh[16 * number], 16);

    /// <summary>Memory of the first window.</summary>
    /// <param name="r">The result.</param>
    public static Span<byte> MiddleBytes(ref TestResult r) => MemoryMarshal.CreateSpan(ref r.Middle[0], OracleLayout.MiddleWindowSize);

    /// <summary>Memory of the second window.</summary>
    /// <param name="r">The result.</param>
    public static Span<byte> EndBytes(ref TestResult r) => MemoryMarshal.CreateSpan(ref r.End[0], OracleLayout.EndWindowSize);
}
