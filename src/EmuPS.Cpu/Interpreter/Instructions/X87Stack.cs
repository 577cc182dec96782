using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The x87 register stack, its tags and the status word (SDM vol. 1, 8.1).</summary>
internal static unsafe class X87Stack
{
    /// <summary>FSW.C0.</summary>
    public const ushort C0 = 1 << 8;

    /// <summary>FSW.C1: rounded up; of a stack fault, overflow.</summary>
    public const ushort C1 = 1 << 9;

    /// <summary>FSW.C2.</summary>
    public const ushort C2 = 1 << 10;

    /// <summary>FSW.C3.</summary>
    public const ushort C3 = 1 << 14;

    /// <summary>FSW.SF: an invalid operation was a stack fault.</summary>
    public const ushort StackFault = 1 << 6;

    /// <summary>FSW.ES and FSW.B, which mirrors it.</summary>
    public const ushort ErrorSummary = 0x8080;

    /// <summary>Number of the register that is ST(0).</summary>
    /// <param name="s">The state.</param>
    public static int Top(CpuState* s) => (s->Fsw >> 11) & 7;

    /// <summary>Makes a register ST(0).</summary>
    /// <param name="s">The state.</param>
    /// <param name="top">Register number; only the lower three bits count.</param>
    public static void SetTop(CpuState* s, int top) => s->Fsw = (ushort)((s->Fsw & ~0x3800) | ((top & 7) << 11));

    /// <summary>Where ST(i) lies: 8 bytes of significand, then sign and exponent.</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    public static byte* Pointer(CpuState* s, int i) => (byte*)s + CpuState.X87Offset + (((Top(s) + i) & 7) * 16);

    /// <summary>Whether ST(i) is empty.</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    public static bool IsEmpty(CpuState* s, int i) => (s->Ftw >> ((Top(s) + i) & 7) & 1) == 0;

    /// <summary>Reads ST(i).</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    public static FloatValue Read(CpuState* s, int i)
    {
        byte* p = Pointer(s, i);
        return FloatEncoding.UnpackExtended(*(ulong*)p, *(ushort*)(p + 8));
    }

    /// <summary>Writes ST(i) and marks it in use.</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    /// <param name="value">The value.</param>
    public static void Write(CpuState* s, int i, in FloatValue value)
    {
        ulong significand = FloatEncoding.PackExtended(value, out ushort signExponent);
        WriteRaw(s, i, significand, signExponent);
    }

    /// <summary>Writes ST(i) as a pattern and marks it in use.</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    /// <param name="significand">Lower 64 bits.</param>
    /// <param name="signExponent">Upper 16 bits.</param>
    public static void WriteRaw(CpuState* s, int i, ulong significand, ushort signExponent)
    {
        byte* p = Pointer(s, i);
        *(ulong*)p = significand;
        *(ushort*)(p + 8) = signExponent;
        s->Ftw |= (byte)(1 << ((Top(s) + i) & 7));
    }

    /// <summary>Pushes a value; the caller has checked that ST(7) is empty or handles the overflow.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The value.</param>
    public static void Push(CpuState* s, in FloatValue value)
    {
        SetTop(s, Top(s) - 1);
        Write(s, 0, value);
    }

    /// <summary>Empties ST(0) and moves the top.</summary>
    /// <param name="s">The state.</param>
    public static void Pop(CpuState* s)
    {
        Free(s, 0);
        SetTop(s, Top(s) + 1);
    }

    /// <summary>Empties ST(i).</summary>
    /// <param name="s">The state.</param>
    /// <param name="i">Stack position.</param>
    public static void Free(CpuState* s, int i) => s->Ftw &= (byte)~(1 << ((Top(s) + i) & 7));

    /// <summary>Replaces condition bits.</summary>
    /// <param name="s">The state.</param>
    /// <param name="mask">The bits to replace.</param>
    /// <param name="value">Their new values.</param>
    public static void SetConditions(CpuState* s, int mask, int value) => s->Fsw = (ushort)((s->Fsw & ~mask) | value);

    /// <summary>Notes an access to an empty register.</summary>
    /// <param name="s">The state.</param>
    /// <returns>Whether the exception is masked: then the destination gets the indefinite NaN.</returns>
    public static bool Underflow(CpuState* s)
    {
        SetConditions(s, C1, 0);
        return Raise(s, StackFault | FloatFlags.Invalid);
    }

    /// <summary>Notes a push onto a register in use.</summary>
    /// <param name="s">The state.</param>
    /// <returns>Whether the exception is masked: then the indefinite NaN is pushed.</returns>
    public static bool Overflow(CpuState* s)
    {
        SetConditions(s, C1, C1);
        return Raise(s, StackFault | FloatFlags.Invalid);
    }

    /// <summary>Ends an operation: its exceptions and the direction of its rounding go into FSW.</summary>
    /// <param name="s">The state.</param>
    /// <param name="c">What the operation found.</param>
    /// <returns>Whether the destination may be written: false after an unmasked exception of the operands.</returns>
    public static bool Complete(CpuState* s, in FloatContext c)
    {
        // An unmasked exception of the operands comes before any result, and so before the result's exceptions.
        bool computed = (c.Unmasked & FloatFlags.BeforeResult) == 0;
        SetConditions(s, C1, computed && c.RoundedUp && (c.Flags & FloatFlags.Precision) != 0 ? C1 : 0);
        Raise(s, computed ? c.Flags : c.Flags & FloatFlags.BeforeResult);
        return computed;
    }

    /// <summary>Ends an operation that stores to memory, where an unmasked overflow or underflow keeps the destination too.</summary>
    /// <param name="s">The state.</param>
    /// <param name="c">What the operation found.</param>
    public static void CompleteStore(CpuState* s, in FloatContext c)
    {
        bool stored = MayStore(c);
        SetConditions(s, C1, stored && c.RoundedUp && (c.Flags & FloatFlags.Precision) != 0 ? C1 : 0);
        Raise(s, stored ? c.Flags : c.Flags & ~FloatFlags.Precision);
    }

    /// <summary>Whether a store to memory happens.</summary>
    /// <param name="c">What the conversion found.</param>
    public static bool MayStore(in FloatContext c) => (c.Unmasked & ~FloatFlags.Precision) == 0;

    /// <summary>Brings ES and B in line with the exceptions and their masks, after one of them was loaded.</summary>
    /// <param name="s">The state.</param>
    public static void UpdateSummary(CpuState* s)
    {
        bool pending = (s->Fsw & ~s->Fcw & FloatFlags.All) != 0;
        SetConditions(s, ErrorSummary, pending ? ErrorSummary : 0);
    }

    private static bool Raise(CpuState* s, uint flags)
    {
        s->Fsw |= (ushort)flags;
        bool masked = (flags & ~s->Fcw & FloatFlags.All) == 0;
        if (!masked)
        {
            s->Fsw |= ErrorSummary;
        }

        return masked;
    }
}
