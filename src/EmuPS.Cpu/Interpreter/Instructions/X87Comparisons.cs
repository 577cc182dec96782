using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FCOM, FUCOM, FICOM, FCOMI, FUCOMI with their pops, FTST and FXAM.</summary>
internal static unsafe class X87Comparisons
{
    private const int Conditions = X87Stack.C0 | X87Stack.C1 | X87Stack.C2 | X87Stack.C3;

    /// <summary>What distinguishes the comparisons, in <see cref="Op.Aux"/>: the number of pops in bits 1:0, then these.</summary>
    private const ushort Pops = 3;
    private const ushort QuietIsInvalid = 4;
    private const ushort ToFlags = 8;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fcom, &BindCompare);
        table.Add(Mnemonic.Fcomp, &BindCompare);
        table.Add(Mnemonic.Fcompp, &BindCompare);
        table.Add(Mnemonic.Fucom, &BindCompare);
        table.Add(Mnemonic.Fucomp, &BindCompare);
        table.Add(Mnemonic.Fucompp, &BindCompare);
        table.Add(Mnemonic.Fcomi, &BindCompare);
        table.Add(Mnemonic.Fcomip, &BindCompare);
        table.Add(Mnemonic.Fucomi, &BindCompare);
        table.Add(Mnemonic.Fucomip, &BindCompare);
        table.Add(Mnemonic.Ficom, &BindCompare);
        table.Add(Mnemonic.Ficomp, &BindCompare);
        table.Add(Mnemonic.Ftst, &BindTest);
        table.Add(Mnemonic.Fxam, &BindExamine);
    }

    private static bool BindCompare(in Instruction i, Op* op, uint mode)
    {
        op->Aux = i.Mnemonic switch
        {
            Mnemonic.Fcom or Mnemonic.Ficom => QuietIsInvalid,
            Mnemonic.Fcomp or Mnemonic.Ficomp => QuietIsInvalid | 1,
            Mnemonic.Fcompp => QuietIsInvalid | 2,
            Mnemonic.Fucom => 0,
            Mnemonic.Fucomp => 1,
            Mnemonic.Fucompp => 2,
            Mnemonic.Fcomi => QuietIsInvalid | ToFlags,
            Mnemonic.Fcomip => QuietIsInvalid | ToFlags | 1,
            Mnemonic.Fucomi => ToFlags,
            _ => ToFlags | 1,
        };
        if (op->MemoryOperand != 0xFF)
        {
            return i.MemorySize switch
            {
                MemorySize.Float32 => X87Shapes.Waiting<CompareMemory<X87Shapes.Single>>(i, op),
                MemorySize.Float64 => X87Shapes.Waiting<CompareMemory<X87Shapes.Double>>(i, op),
                MemorySize.Int16 => X87Shapes.Waiting<CompareMemory<X87Shapes.Int16>>(i, op),
                _ => X87Shapes.Waiting<CompareMemory<X87Shapes.Int32>>(i, op),
            };
        }

        // FCOMPP and FUCOMPP have no operands: ST(0) and ST(1).
        if (i.OpCount == 0)
        {
            op->Src = 1;
        }

        return X87Shapes.Waiting<CompareRegisters>(i, op);
    }

    private static bool BindTest(in Instruction i, Op* op, uint mode)
    {
        op->Aux = QuietIsInvalid;
        return X87Shapes.Waiting<Test>(i, op);
    }

    private static bool BindExamine(in Instruction i, Op* op, uint mode) => X87Shapes.Waiting<Examine>(i, op);

    private static void Compare(CpuState* s, Op* op, in FloatValue other, bool empty)
    {
        // The condition codes tell the relation whether or not an exception is masked; the pops only happen when it is.
        FloatRelation relation = FloatRelation.Unordered;
        bool completed;
        if (empty)
        {
            completed = X87Stack.Underflow(s);
        }
        else
        {
            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            relation = FloatComparison.Compare(ref c, X87Stack.Read(s, 0), other, (op->Aux & QuietIsInvalid) != 0);
            completed = X87Stack.Complete(s, c);
        }

        if ((op->Aux & ToFlags) != 0)
        {
            Flags.SetStatus(s, SseComparisons.OfRelation(relation));
        }
        else
        {
            X87Stack.SetConditions(s, Conditions, relation switch
            {
                FloatRelation.Less => X87Stack.C0,
                FloatRelation.Equal => X87Stack.C3,
                FloatRelation.Greater => 0,
                _ => X87Stack.C0 | X87Stack.C2 | X87Stack.C3,
            });
        }

        for (int pops = completed ? op->Aux & Pops : 0; pops > 0; pops--)
        {
            X87Stack.Pop(s);
        }
    }

    private readonly struct CompareRegisters : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            Compare(s, op, X87Stack.Read(s, op->Src), X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, op->Src));
            return true;
        }
    }

    private readonly struct CompareMemory<TSource> : X87Shapes.IAction
        where TSource : struct, X87Shapes.ISource
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TSource.TryRead(s, op, out FloatValue other))
            {
                return false;
            }

            Compare(s, op, other, X87Stack.IsEmpty(s, 0));
            return true;
        }
    }

    private readonly struct Test : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            Compare(s, op, default, X87Stack.IsEmpty(s, 0));
            return true;
        }
    }

    /// <summary>FXAM: C3, C2 and C0 tell the class, C1 the sign, also of an empty register.</summary>
    private readonly struct Examine : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            FloatValue value = X87Stack.Read(s, 0);
            int conditions = X87Stack.IsEmpty(s, 0) ? X87Stack.C3 | X87Stack.C0 : value.Class switch
            {
                FloatClass.Unsupported => 0,
                FloatClass.QuietNaN or FloatClass.SignallingNaN => X87Stack.C0,
                FloatClass.Infinity => X87Stack.C2 | X87Stack.C0,
                FloatClass.Zero => X87Stack.C3,
                _ => value.IsDenormal ? X87Stack.C3 | X87Stack.C2 : X87Stack.C2,
            };
            X87Stack.SetConditions(s, Conditions, conditions | (value.Negative ? X87Stack.C1 : 0));
            return true;
        }
    }
}
