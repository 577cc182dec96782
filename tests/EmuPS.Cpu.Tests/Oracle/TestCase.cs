using System;
using System.Runtime.InteropServices;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Everything that code under test can see before it runs.</summary>
[StructLayout(LayoutKind.Explicit, Size = OracleLayout.RecordSize)]
internal unsafe struct TestCase
{
    /// <summary>General registers in the order of their numbers.</summary>
    [FieldOffset(0)] public fixed ulong Gpr[16];

    /// <summary>RFLAGS; only status flags and DF may be set.</summary>
    [FieldOffset(0x88)] public ulong Flags;

    /// <summary>64 or 32.</summary>
    [FieldOffset(0x90)] public int Bits;

    /// <summary>Bytes of <see cref="Code"/> in use.</summary>
    [FieldOffset(0x94)] public int CodeLength;

    /// <summary>The code, placed at <see cref="OracleLayout.CodeStart"/>; the rest must be INT3 (0xCC).</summary>
    [FieldOffset(OracleLayout.CodeOffset)] public fixed byte Code[OracleLayout.CodeSize];

    /// <summary>x87 and SSE state as FXSAVE stores it (SDM vol. 1, 10.5.1).</summary>
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
    /// <param name="c">The case.</param>
    /// <param name="number">0 to 7, relative to the stack top.</param>
    public static Span<byte> St(ref TestCase c, int number) => MemoryMarshal.CreateSpan(ref c.Fx[32 + (16 * number)], 10);

    /// <summary>The low 16 bytes of a vector register.</summary>
    /// <param name="c">The case.</param>
    /// <param name="number">0 to 15.</param>
    public static Span<byte> Xmm(ref TestCase c, int number) => MemoryMarshal.CreateSpan(ref c.Fx[160 + (16 * number)], 16);

    /// <summary>The high 16 bytes of a vector register.</summary>
    /// <param name="c">The case.</param>
    /// <param name="number">0 to 15.</param>
    public static Span<byte> High(ref TestCase c, int number) => MemoryMarshal.CreateSpan(ref c.YmmHigh[16 * number], 16);

    /// <summary>Memory of the windows from an address on.</summary>
    /// <param name="c">The case.</param>
    /// <param name="address">Guest address.</param>
    /// <param name="size">Bytes.</param>
    /// <returns>Empty when the bytes are not wholly in one window.</returns>
    public static Span<byte> MemoryAt(ref TestCase c, ulong address, int size)
    {
        if (size <= OracleLayout.MiddleWindowSize && address - OracleLayout.MiddleWindow <= (ulong)(OracleLayout.MiddleWindowSize - size))
        {
            return MemoryMarshal.CreateSpan(ref c.Middle[(int)(address - OracleLayout.MiddleWindow)], size);
        }

        return size <= OracleLayout.EndWindowSize && address - OracleLayout.EndWindow <= (ulong)(OracleLayout.EndWindowSize - size)
            ? MemoryMarshal.CreateSpan(ref c.End[(int)(address - OracleLayout.EndWindow)], size)
            : default;
    }

    /// <summary>The code bytes in use.</summary>
    /// <param name="c">The case.</param>
    public static Span<byte> CodeBytes(ref TestCase c) => MemoryMarshal.CreateSpan(ref c.Code[0], c.CodeLength);

    /// <summary>Sets the code and pads it with INT3.</summary>
    /// <param name="c">The case.</param>
    /// <param name="code">At most <see cref="OracleLayout.CodeSize"/> bytes.</param>
    public static void SetCode(ref TestCase c, ReadOnlySpan<byte> code)
    {
        Span<byte> all = MemoryMarshal.CreateSpan(ref c.Code[0], OracleLayout.CodeSize);
        all.Fill(0xCC);
        code.CopyTo(all);
        c.CodeLength = code.Length;
    }
}
