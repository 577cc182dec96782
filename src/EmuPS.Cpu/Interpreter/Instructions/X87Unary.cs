using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Operations on ST(0): FCHS, FABS, FSQRT, FRNDINT, and with ST(1): FSCALE, FXTRACT, FPREM, FPREM1.</summary>
internal static unsafe class X87Unary
{
    private const int Conditions = X87Stack.C0 | X87Stack.C1 | X87Stack.C2 | X87Stack.C3;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fchs, &Bind<ChangeSign>);
        table.Add(Mnemonic.Fabs, &Bind<Absolute>);
        table.Add(Mnemonic.Fsqrt, &Bind<SquareRoot>);
        table.Add(Mnemonic.Frndint, &Bind<RoundToInteger>);
        table.Add(Mnemonic.Fscale, &Bind<Scale>);
        table.Add(Mnemonic.Fxtract, &Bind<Extract>);
        table.Add(Mnemonic.Fprem, &Bind<Remainder>);
        table.Add(Mnemonic.Fprem1, &Bind<IeeeRemainder>);
    }

    private static bool Bind<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Waiting<TAction>(i, op);

    /// <summary>Whether ST(0), and ST(1) if it is used, hold something; otherwise the stack fault is complete.</summary>
    private static bool Available(CpuState* s, bool second)
    {
        if (!X87Stack.IsEmpty(s, 0) && !(second && X87Stack.IsEmpty(s, 1)))
        {
            return true;
        }

        if (X87Stack.Underflow(s))
        {
            X87Stack.Write(s, 0, FloatValue.Indefinite);
        }

        return false;
    }

    private static void Finish(CpuState* s, in FloatContext c, in FloatValue result)
    {
        if (X87Stack.Complete(s, c))
        {
            X87Stack.Write(s, 0, result);
        }
    }

    private static bool ChangeSignBit(CpuState* s, int keep, int flip)
    {
        if (Available(s, second: false))
        {
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            ushort* p = (ushort*)(X87Stack.Pointer(s, 0) + 8);
            *p = (ushort)((*p & keep) ^ flip);
        }

        return true;
    }

    private static bool Remain(CpuState* s, bool nearest)
    {
        X87Stack.SetConditions(s, X87Stack.C2, 0);
        if (!Available(s, second: true))
        {
            return true;
        }

        FloatContext c = FloatContext.OfControlWord(s->Fcw);
        FloatValue result = FloatRemainder.Remainder(ref c, X87Stack.Read(s, 0), X87Stack.Read(s, 1), nearest, out int quotient, out bool partial);
        if (X87Stack.Complete(s, c))
        {
            X87Stack.Write(s, 0, result);
            if (result.IsNaN)
            {
                return true;
            }

            int conditions = partial ? X87Stack.C2
                : ((quotient & 4) != 0 ? X87Stack.C0 : 0) | ((quotient & 2) != 0 ? X87Stack.C3 : 0) | ((quotient & 1) != 0 ? X87Stack.C1 : 0);
            X87Stack.SetConditions(s, Conditions, conditions);
        }

        return true;
    }

    private readonly struct ChangeSign : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => ChangeSignBit(s, 0xFFFF, 0x8000);
    }

    private readonly struct Absolute : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => ChangeSignBit(s, 0x7FFF, 0);
    }

    private readonly struct SquareRoot : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (Available(s, second: false))
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                FloatValue result = FloatArithmetic.SquareRoot(ref c, X87Stack.Read(s, 0), FloatFormat.OfControlWord(s->Fcw));
                Finish(s, c, result);
            }

            return true;
        }
    }

    private readonly struct RoundToInteger : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (Available(s, second: false))
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                FloatValue value = X87Stack.Read(s, 0);
                FloatArithmetic.NoteDenormals(ref c, value, value);
                FloatValue result = FloatInteger.RoundToIntegral(ref c, value, c.Rounding);
                Finish(s, c, result);
            }

            return true;
        }
    }

    private readonly struct Scale : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (Available(s, second: true))
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                FloatValue result = FloatRemainder.Scale(ref c, X87Stack.Read(s, 0), X87Stack.Read(s, 1));
                Finish(s, c, result);
            }

            return true;
        }
    }

    /// <summary>FXTRACT: ST(0) becomes the exponent, then the significand is pushed.</summary>
    private readonly struct Extract : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            bool empty = X87Stack.IsEmpty(s, 0);
            if (empty || !X87Stack.IsEmpty(s, 7))
            {
                if (empty ? X87Stack.Underflow(s) : X87Stack.Overflow(s))
                {
                    X87Stack.Write(s, 0, FloatValue.Indefinite);
                    X87Stack.Push(s, FloatValue.Indefinite);
                }

                return true;
            }

            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            FloatValue value = X87Stack.Read(s, 0);
            FloatValue exponent;
            FloatValue significand = value;
            if (value.IsNaN)
            {
                exponent = FloatNaN.Propagate(ref c, value);
                significand = exponent;
            }
            else if (value.IsInfinity)
            {
                exponent = FloatValue.Infinity(false);
            }
            else if (value.IsZero)
            {
                c.Flags |= FloatFlags.ZeroDivide;
                exponent = FloatValue.Infinity(true);
            }
            else
            {
                FloatArithmetic.NoteDenormals(ref c, value, value);
                exponent = FloatInteger.FromInteger(value.Exponent);
                significand.Exponent = 0;
            }

            if (X87Stack.Complete(s, c))
            {
                X87Stack.Write(s, 0, exponent);
                X87Stack.Push(s, significand);
            }

            return true;
        }
    }

    private readonly struct Remainder : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => Remain(s, nearest: false);
    }

    private readonly struct IeeeRemainder : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => Remain(s, nearest: true);
    }
}
