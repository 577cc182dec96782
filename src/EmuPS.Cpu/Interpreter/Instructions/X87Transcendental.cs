using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1.</summary>
internal static unsafe class X87Transcendental
{
    private interface IFunction
    {
        static abstract FloatValue Apply(ref FloatContext c, in FloatValue a);
    }

    private interface IFunction2
    {
        static abstract FloatValue Apply(ref FloatContext c, in FloatValue st1, in FloatValue st0);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fsin, &Bind<Angle<Sine>>);
        table.Add(Mnemonic.Fcos, &Bind<Angle<Cosine>>);
        table.Add(Mnemonic.Fsincos, &Bind<AnglePushing<Sine, Cosine>>);
        table.Add(Mnemonic.Fptan, &Bind<AnglePushing<Tangent, One>>);
        table.Add(Mnemonic.Fpatan, &Bind<Popping<ArcTangent>>);
        table.Add(Mnemonic.F2xm1, &Bind<PowerOf2>);
        table.Add(Mnemonic.Fyl2x, &Bind<Popping<Logarithm>>);
        table.Add(Mnemonic.Fyl2xp1, &Bind<Popping<LogarithmPlus1>>);
    }

    private static bool Bind<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Waiting<TAction>(i, op);

    /// <summary>An angle that is too large stays, and C2 says so.</summary>
    private static bool IsInRange(CpuState* s, in FloatValue angle)
    {
        bool inRange = FloatTrigonometry.IsInRange(angle);
        X87Stack.SetConditions(s, X87Stack.C1 | X87Stack.C2, inRange ? 0 : X87Stack.C2);
        return inRange;
    }

    /// <summary>A function of ST(0) that replaces it.</summary>
    private readonly struct Angle<TFunction> : X87Shapes.IAction
        where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (X87Stack.IsEmpty(s, 0))
            {
                X87Stack.SetConditions(s, X87Stack.C2, 0);
                if (X87Stack.Underflow(s))
                {
                    X87Stack.Write(s, 0, FloatValue.Indefinite);
                }

                return true;
            }

            FloatValue angle = X87Stack.Read(s, 0);
            if (IsInRange(s, angle))
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                FloatValue result = TFunction.Apply(ref c, angle);
                if (X87Stack.Complete(s, c))
                {
                    X87Stack.Write(s, 0, result);
                }
            }

            return true;
        }
    }

    /// <summary>FSINCOS, FPTAN: the first function replaces ST(0), the second is pushed.</summary>
    private readonly struct AnglePushing<TFirst, TSecond> : X87Shapes.IAction
        where TFirst : struct, IFunction
        where TSecond : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            bool empty = X87Stack.IsEmpty(s, 0);
            if (empty || !X87Stack.IsEmpty(s, 7))
            {
                X87Stack.SetConditions(s, X87Stack.C2, 0);
                if (empty ? X87Stack.Underflow(s) : X87Stack.Overflow(s))
                {
                    X87Stack.Write(s, 0, FloatValue.Indefinite);
                    X87Stack.Push(s, FloatValue.Indefinite);
                }

                return true;
            }

            FloatValue angle = X87Stack.Read(s, 0);
            if (!IsInRange(s, angle))
            {
                return true;
            }

            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            FloatValue first = TFirst.Apply(ref c, angle);
            FloatContext other = c;
            FloatValue second = first.IsNaN ? first : TSecond.Apply(ref other, angle);
            c.Flags |= other.Flags;
            if (X87Stack.Complete(s, c))
            {
                X87Stack.Write(s, 0, first);
                X87Stack.Push(s, second);
            }

            return true;
        }
    }

    /// <summary>A function of ST(1) and ST(0) that replaces ST(1); then ST(0) is popped.</summary>
    private readonly struct Popping<TFunction> : X87Shapes.IAction
        where TFunction : struct, IFunction2
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            FloatValue result = FloatValue.Indefinite;
            bool completed;
            if (X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, 1))
            {
                completed = X87Stack.Underflow(s);
            }
            else
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                result = TFunction.Apply(ref c, X87Stack.Read(s, 1), X87Stack.Read(s, 0));
                completed = X87Stack.Complete(s, c);
            }

            if (completed)
            {
                X87Stack.Write(s, 1, result);
                X87Stack.Pop(s);
            }

            return true;
        }
    }

    private readonly struct PowerOf2 : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            FloatValue result = FloatValue.Indefinite;
            bool completed;
            if (X87Stack.IsEmpty(s, 0))
            {
                completed = X87Stack.Underflow(s);
            }
            else
            {
                FloatContext c = FloatContext.OfControlWord(s->Fcw);
                result = FloatLogarithm.PowerOf2Minus1(ref c, X87Stack.Read(s, 0));
                completed = X87Stack.Complete(s, c);
            }

            if (completed)
            {
                X87Stack.Write(s, 0, result);
            }

            return true;
        }
    }

    private readonly struct Sine : IFunction
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue a) => FloatTrigonometry.Sine(ref c, a);
    }

    private readonly struct Cosine : IFunction
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue a) => FloatTrigonometry.Cosine(ref c, a);
    }

    private readonly struct Tangent : IFunction
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue a) => FloatTrigonometry.Tangent(ref c, a);
    }

    private readonly struct One : IFunction
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue a) => FloatValue.One;
    }

    private readonly struct ArcTangent : IFunction2
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue st1, in FloatValue st0) => FloatTrigonometry.ArcTangent(ref c, st1, st0);
    }

    private readonly struct Logarithm : IFunction2
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue st1, in FloatValue st0) => FloatLogarithm.Logarithm(ref c, st1, st0);
    }

    private readonly struct LogarithmPlus1 : IFunction2
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue st1, in FloatValue st0) => FloatLogarithm.LogarithmPlus1(ref c, st1, st0);
    }
}
