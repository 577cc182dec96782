using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FADD, FSUB, FSUBR, FMUL, FDIV, FDIVR in all forms: registers, with pop, memory, integer memory.</summary>
internal static unsafe class X87Arithmetic
{
    private interface IOperation
    {
        static abstract FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fadd, &Bind<Add>);
        table.Add(Mnemonic.Faddp, &Bind<Add>);
        table.Add(Mnemonic.Fiadd, &Bind<Add>);
        table.Add(Mnemonic.Fsub, &Bind<Subtract>);
        table.Add(Mnemonic.Fsubp, &Bind<Subtract>);
        table.Add(Mnemonic.Fisub, &Bind<Subtract>);
        table.Add(Mnemonic.Fsubr, &Bind<SubtractReversed>);
        table.Add(Mnemonic.Fsubrp, &Bind<SubtractReversed>);
        table.Add(Mnemonic.Fisubr, &Bind<SubtractReversed>);
        table.Add(Mnemonic.Fmul, &Bind<Multiply>);
        table.Add(Mnemonic.Fmulp, &Bind<Multiply>);
        table.Add(Mnemonic.Fimul, &Bind<Multiply>);
        table.Add(Mnemonic.Fdiv, &Bind<Divide>);
        table.Add(Mnemonic.Fdivp, &Bind<Divide>);
        table.Add(Mnemonic.Fidiv, &Bind<Divide>);
        table.Add(Mnemonic.Fdivr, &Bind<DivideReversed>);
        table.Add(Mnemonic.Fdivrp, &Bind<DivideReversed>);
        table.Add(Mnemonic.Fidivr, &Bind<DivideReversed>);
    }

    private static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
    {
        if (op->MemoryOperand == 0xFF)
        {
            bool pops = i.Mnemonic is Mnemonic.Faddp or Mnemonic.Fsubp or Mnemonic.Fsubrp or Mnemonic.Fmulp or Mnemonic.Fdivp or Mnemonic.Fdivrp;
            op->Aux = pops ? (ushort)1 : (ushort)0;
            return X87Shapes.Waiting<Registers<TOp>>(i, op);
        }

        return i.MemorySize switch
        {
            MemorySize.Float32 => X87Shapes.Waiting<FromMemory<TOp, X87Shapes.Single>>(i, op),
            MemorySize.Float64 => X87Shapes.Waiting<FromMemory<TOp, X87Shapes.Double>>(i, op),
            MemorySize.Int16 => X87Shapes.Waiting<FromMemory<TOp, X87Shapes.Int16>>(i, op),
            _ => X87Shapes.Waiting<FromMemory<TOp, X87Shapes.Int32>>(i, op),
        };
    }

    private static bool Apply<TOp>(CpuState* s, int destination, in FloatValue source)
        where TOp : struct, IOperation
    {
        FloatContext c = FloatContext.OfControlWord(s->Fcw);
        FloatValue result = TOp.Apply(ref c, X87Stack.Read(s, destination), source, FloatFormat.OfControlWord(s->Fcw));
        if (!X87Stack.Complete(s, c))
        {
            return false;
        }

        X87Stack.Write(s, destination, result);
        return true;
    }

    /// <summary>Both operands on the stack. <see cref="Op.Aux"/> is 1 when the instruction pops.</summary>
    private readonly struct Registers<TOp> : X87Shapes.IAction
        where TOp : struct, IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            bool written;
            if (X87Stack.IsEmpty(s, op->Dst) || X87Stack.IsEmpty(s, op->Src))
            {
                written = X87Stack.Underflow(s);
                if (written)
                {
                    X87Stack.Write(s, op->Dst, FloatValue.Indefinite);
                }
            }
            else
            {
                written = Apply<TOp>(s, op->Dst, X87Stack.Read(s, op->Src));
            }

            if (written && op->Aux != 0)
            {
                X87Stack.Pop(s);
            }

            return true;
        }
    }

    private readonly struct FromMemory<TOp, TSource> : X87Shapes.IAction
        where TOp : struct, IOperation
        where TSource : struct, X87Shapes.ISource
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TSource.TryRead(s, op, out FloatValue source))
            {
                return false;
            }

            if (!X87Stack.IsEmpty(s, 0))
            {
                Apply<TOp>(s, 0, source);
            }
            else if (X87Stack.Underflow(s))
            {
                X87Stack.Write(s, 0, FloatValue.Indefinite);
            }

            return true;
        }
    }

    private readonly struct Add : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Add(ref c, destination, source, format);
    }

    private readonly struct Subtract : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Subtract(ref c, destination, source, format);
    }

    private readonly struct SubtractReversed : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Subtract(ref c, source, destination, format);
    }

    private readonly struct Multiply : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Multiply(ref c, destination, source, format);
    }

    private readonly struct Divide : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Divide(ref c, destination, source, format);
    }

    private readonly struct DivideReversed : IOperation
    {
        public static FloatValue Apply(ref FloatContext c, in FloatValue destination, in FloatValue source, in FloatFormat format)
            => FloatArithmetic.Divide(ref c, source, destination, format);
    }
}
