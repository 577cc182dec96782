using System.Numerics;
using System.Runtime.CompilerServices;

namespace EmuPS.Cpu.State;

/// <summary>RFLAGS (SDM vol. 1, 3.4.3). The status flags are kept as the last result and the carries it made; everything else is a bit of <see cref="CpuState.SystemFlags"/>.</summary>
/// <remarks>
/// FlagAux: bit 31 is CF, bit 31 XOR bit 30 is OF, bit 3 is AF, bit 0 inverts SF, bits 15 to 8 invert the low result byte for PF.
/// An arithmetic operation of n bits stores its carry vector aligned so that the carry out of bit n-1 lands in bit 31 and that of bit n-2 in bit 30.
/// </remarks>
internal static unsafe class Flags
{
    public const ulong Cf = 1 << 0;
    public const ulong Pf = 1 << 2;
    public const ulong Af = 1 << 4;
    public const ulong Zf = 1 << 6;
    public const ulong Sf = 1 << 7;
    public const ulong Tf = 1 << 8;
    public const ulong If = 1 << 9;
    public const ulong Df = 1 << 10;
    public const ulong Of = 1 << 11;
    public const ulong Iopl = 3 << 12;
    public const ulong Nt = 1 << 14;
    public const ulong Rf = 1 << 16;
    public const ulong Vm = 1 << 17;
    public const ulong Ac = 1 << 18;
    public const ulong Vif = 1 << 19;
    public const ulong Vip = 1 << 20;
    public const ulong Id = 1 << 21;

    /// <summary>The six status flags.</summary>
    public const ulong Status = Cf | Pf | Af | Zf | Sf | Of;

    /// <summary>Reads the whole register.</summary>
    /// <param name="s">The state.</param>
    public static ulong Get(CpuState* s) => s->SystemFlags | 2
        | (GetCf(s) ? Cf : 0) | (GetPf(s) ? Pf : 0) | (GetAf(s) ? Af : 0)
        | (GetZf(s) ? Zf : 0) | (GetSf(s) ? Sf : 0) | (GetOf(s) ? Of : 0);

    /// <summary>Replaces the whole register; the caller has applied the permission rules.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The new value.</param>
    public static void Set(CpuState* s, ulong value)
    {
        s->SystemFlags = (value & ~Status & 0x3F_7FD5) | 2;
        SetStatus(s, value);
    }

    /// <summary>Replaces the six status flags.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">Status flags at their architectural positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetStatus(CpuState* s, ulong value)
    {
        // Zero is a result of 0; otherwise 1 << 8, whose sign is 0 and whose low byte has even parity, corrected by the delta bits.
        s->FlagResult = (value & Zf) != 0 ? 0UL : 0x100UL;
        ulong cf = value & Cf;
        ulong of = (value >> 11) & 1;
        s->FlagAux = (cf << 31) | ((cf ^ of) << 30) | (((value >> 4) & 1) << 3) | ((value >> 7) & 1) | ((((value >> 2) & 1) ^ 1) << 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetCf(CpuState* s) => (s->FlagAux & 0x8000_0000) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetOf(CpuState* s) => ((s->FlagAux + 0x4000_0000) & 0x8000_0000) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetAf(CpuState* s) => (s->FlagAux & 8) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetZf(CpuState* s) => s->FlagResult == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetSf(CpuState* s) => (((s->FlagResult >> 63) ^ s->FlagAux) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetPf(CpuState* s) => (BitOperations.PopCount((uint)((s->FlagResult ^ (s->FlagAux >> 8)) & 0xFF)) & 1) == 0;

    /// <summary>Changes CF alone.</summary>
    /// <param name="s">The state.</param>
    /// <param name="cf">The new value.</param>
    public static void SetCf(CpuState* s, bool cf)
    {
        // OF is bit 31 XOR bit 30: flipping both bits together changes CF and leaves OF.
        if (GetCf(s) != cf)
        {
            s->FlagAux ^= 0xC000_0000;
        }
    }

    /// <summary>Flags of an addition of <paramref name="bits"/> bits (ADD, ADC, INC, XADD): stores the sign-extended result and the carries.</summary>
    /// <param name="s">The state.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="result">The sum, any upper bits.</param>
    /// <param name="bits">8, 16, 32 or 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(CpuState* s, ulong a, ulong b, ulong result, int bits)
        => Store(s, result, (a & b) | ((a | b) & ~result), bits);

    /// <summary>Flags of a subtraction (SUB, SBB, CMP, NEG, DEC).</summary>
    /// <param name="s">The state.</param>
    /// <param name="a">Minuend.</param>
    /// <param name="b">Subtrahend.</param>
    /// <param name="result">The difference, any upper bits.</param>
    /// <param name="bits">8, 16, 32 or 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sub(CpuState* s, ulong a, ulong b, ulong result, int bits)
        => Store(s, result, (~a & b) | ((~a ^ b) & result), bits);

    /// <summary>Flags of a logical operation: CF, OF and AF clear.</summary>
    /// <param name="s">The state.</param>
    /// <param name="result">The result, any upper bits.</param>
    /// <param name="bits">8, 16, 32 or 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Logic(CpuState* s, ulong result, int bits)
    {
        s->FlagResult = SignExtend(result, bits);
        s->FlagAux = 0;
    }

    /// <summary>Sign-extends the low bits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="bits">8, 16, 32 or 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SignExtend(ulong value, int bits) => bits switch
    {
        8 => (ulong)(long)(sbyte)value,
        16 => (ulong)(long)(short)value,
        32 => (ulong)(long)(int)value,
        _ => value,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(CpuState* s, ulong result, ulong carries, int bits)
    {
        s->FlagResult = SignExtend(result, bits);
        s->FlagAux = (carries & 8) | bits switch
        {
            8 => (carries << 24) & 0xC000_0000,
            16 => (carries << 16) & 0xC000_0000,
            32 => carries & 0xC000_0000,
            _ => (carries >> 32) & 0xC000_0000,
        };
    }
}
