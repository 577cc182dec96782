using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>x87 control: FNINIT, FNCLEX, FLDCW, FNSTCW, FNSTSW, FINCSTP, FDECSTP, FFREE, FNOP, FWAIT.</summary>
internal static unsafe class X87Control
{
    /// <summary>FCW after FNINIT: everything masked, 64-bit precision, to nearest.</summary>
    public const ushort InitialControlWord = 0x037F;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fninit, &BindControl<Initialize>);
        table.Add(Mnemonic.Fnclex, &BindControl<ClearExceptions>);
        table.Add(Mnemonic.Fnstcw, &BindControl<StoreControlWord>);
        table.Add(Mnemonic.Fnstsw, &BindStatusWord);
        table.Add(Mnemonic.Fldcw, &BindWaiting<LoadControlWord>);
        table.Add(Mnemonic.Fincstp, &BindWaiting<Increment>);
        table.Add(Mnemonic.Fdecstp, &BindWaiting<Decrement>);
        table.Add(Mnemonic.Ffree, &BindWaiting<Free>);
        table.Add(Mnemonic.Ffreep, &BindWaiting<FreeAndPop>);
        table.Add(Mnemonic.Fnop, &BindWaiting<Nothing>);

        // What the 8087 and 287 needed, and every later processor ignores.
        table.Add(Mnemonic.Fneni, &BindControl<Nothing>);
        table.Add(Mnemonic.Fndisi, &BindControl<Nothing>);
        table.Add(Mnemonic.Fnsetpm, &BindControl<Nothing>);
        table.Add(Mnemonic.Wait, &BindWait);
    }

    /// <summary>The state after FNINIT.</summary>
    /// <param name="s">The state.</param>
    public static void Reset(CpuState* s)
    {
        s->Fcw = InitialControlWord;
        s->Fsw = 0;
        s->Ftw = 0;
        s->Fop = 0;
        s->Fip = 0;
        s->Fdp = 0;
    }

    /// <summary>Loads FCW: bit 6 is always set, the upper reserved bits are clear.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The new value.</param>
    public static void SetControlWord(CpuState* s, ushort value)
    {
        s->Fcw = (ushort)((value & 0x1F3F) | 0x40);
        X87Stack.UpdateSummary(s);
    }

    private static bool BindControl<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Control<TAction>(op, waits: false);

    private static bool BindWaiting<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Control<TAction>(op, waits: true);

    private static bool BindStatusWord(in Instruction i, Op* op, uint mode)
        => op->MemoryOperand == 0xFF ? X87Shapes.Control<StatusWordToAx>(op, waits: false) : X87Shapes.Control<StoreStatusWord>(op, waits: false);

    private static bool BindWait(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Wait;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Wait(CpuState* s, Op* op)
    {
        // WAIT obeys CR0.TS only together with CR0.MP, and never CR0.EM.
        if ((s->Cr0 & (VectorState.Cr0Mp | VectorState.Cr0Ts)) == (VectorState.Cr0Mp | VectorState.Cr0Ts))
        {
            return Fault.Raise(s, op, Vector.DeviceNotAvailable);
        }

        if ((s->Fsw & VectorState.FswErrorSummary) != 0)
        {
            return Fault.Raise(s, op, Vector.FloatingPoint);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    private readonly struct Initialize : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            Reset(s);
            return true;
        }
    }

    private readonly struct ClearExceptions : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            s->Fsw &= 0x7F00;
            return true;
        }
    }

    private readonly struct StoreControlWord : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => Memory.Store(s, Address.Any(s, op), s->Fcw);
    }

    private readonly struct StoreStatusWord : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => Memory.Store(s, Address.Any(s, op), s->Fsw);
    }

    private readonly struct StatusWordToAx : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            *(ushort*)s = s->Fsw;
            return true;
        }
    }

    private readonly struct LoadControlWord : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            ushort* p = Memory.Load<ushort>(s, Address.Any(s, op));
            if (p == null)
            {
                return false;
            }

            SetControlWord(s, *p);
            return true;
        }
    }

    private readonly struct Increment : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            X87Stack.SetTop(s, X87Stack.Top(s) + 1);
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            return true;
        }
    }

    private readonly struct Decrement : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            X87Stack.SetTop(s, X87Stack.Top(s) - 1);
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            return true;
        }
    }

    private readonly struct Free : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            X87Stack.Free(s, op->Dst);
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            return true;
        }
    }

    /// <summary>FFREEP ST(i), which no manual lists and every processor has.</summary>
    private readonly struct FreeAndPop : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            X87Stack.Free(s, op->Dst);
            X87Stack.Pop(s);
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            return true;
        }
    }

    private readonly struct Nothing : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => true;
    }
}
