using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Instructions that depend on a condition: Jcc, SETcc, CMOVcc.</summary>
internal static unsafe class Conditionals
{
    /// <summary>One of the sixteen conditions.</summary>
    public interface ICondition
    {
        /// <summary>Whether the flags fulfil it.</summary>
        /// <param name="s">The state.</param>
        static abstract bool Holds(CpuState* s);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Jo, &BindJump<O>);
        table.Add(Mnemonic.Seto, &BindSet<O>);
        table.Add(Mnemonic.Cmovo, &BindMove<O>);
        table.Add(Mnemonic.Jno, &BindJump<No>);
        table.Add(Mnemonic.Setno, &BindSet<No>);
        table.Add(Mnemonic.Cmovno, &BindMove<No>);
        table.Add(Mnemonic.Jb, &BindJump<B>);
        table.Add(Mnemonic.Setb, &BindSet<B>);
        table.Add(Mnemonic.Cmovb, &BindMove<B>);
        table.Add(Mnemonic.Jae, &BindJump<Ae>);
        table.Add(Mnemonic.Setae, &BindSet<Ae>);
        table.Add(Mnemonic.Cmovae, &BindMove<Ae>);
        table.Add(Mnemonic.Je, &BindJump<E>);
        table.Add(Mnemonic.Sete, &BindSet<E>);
        table.Add(Mnemonic.Cmove, &BindMove<E>);
        table.Add(Mnemonic.Jne, &BindJump<Ne>);
        table.Add(Mnemonic.Setne, &BindSet<Ne>);
        table.Add(Mnemonic.Cmovne, &BindMove<Ne>);
        table.Add(Mnemonic.Jbe, &BindJump<Be>);
        table.Add(Mnemonic.Setbe, &BindSet<Be>);
        table.Add(Mnemonic.Cmovbe, &BindMove<Be>);
        table.Add(Mnemonic.Ja, &BindJump<A>);
        table.Add(Mnemonic.Seta, &BindSet<A>);
        table.Add(Mnemonic.Cmova, &BindMove<A>);
        table.Add(Mnemonic.Js, &BindJump<S>);
        table.Add(Mnemonic.Sets, &BindSet<S>);
        table.Add(Mnemonic.Cmovs, &BindMove<S>);
        table.Add(Mnemonic.Jns, &BindJump<Ns>);
        table.Add(Mnemonic.Setns, &BindSet<Ns>);
        table.Add(Mnemonic.Cmovns, &BindMove<Ns>);
        table.Add(Mnemonic.Jp, &BindJump<P>);
        table.Add(Mnemonic.Setp, &BindSet<P>);
        table.Add(Mnemonic.Cmovp, &BindMove<P>);
        table.Add(Mnemonic.Jnp, &BindJump<Np>);
        table.Add(Mnemonic.Setnp, &BindSet<Np>);
        table.Add(Mnemonic.Cmovnp, &BindMove<Np>);
        table.Add(Mnemonic.Jl, &BindJump<L>);
        table.Add(Mnemonic.Setl, &BindSet<L>);
        table.Add(Mnemonic.Cmovl, &BindMove<L>);
        table.Add(Mnemonic.Jge, &BindJump<Ge>);
        table.Add(Mnemonic.Setge, &BindSet<Ge>);
        table.Add(Mnemonic.Cmovge, &BindMove<Ge>);
        table.Add(Mnemonic.Jle, &BindJump<Le>);
        table.Add(Mnemonic.Setle, &BindSet<Le>);
        table.Add(Mnemonic.Cmovle, &BindMove<Le>);
        table.Add(Mnemonic.Jg, &BindJump<G>);
        table.Add(Mnemonic.Setg, &BindSet<G>);
        table.Add(Mnemonic.Cmovg, &BindMove<G>);
    }

    private static bool BindJump<TCondition>(in Instruction i, Op* op, uint mode)
        where TCondition : struct, ICondition
    {
        Branches.CutNext(i, op, mode);
        op->Fn = &Jump<TCondition>;
        return true;
    }

    private static bool BindSet<TCondition>(in Instruction i, Op* op, uint mode)
        where TCondition : struct, ICondition
    {
        op->Fn = op->MemoryOperand == 0 ? &SetMemory<TCondition> : &SetRegister<TCondition>;
        return true;
    }

    private static bool BindMove<TCondition>(in Instruction i, Op* op, uint mode)
        where TCondition : struct, ICondition
        => Binary.Bind<Move<TCondition>>(i, op, mode);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Jump<TCondition>(CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        s->Rip = TCondition.Holds(s) ? op->Imm : op->NextRip;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SetRegister<TCondition>(CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        *((byte*)s + op->Dst) = TCondition.Holds(s) ? (byte)1 : (byte)0;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SetMemory<TCondition>(CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        if (!Memory.Store(s, Address.Any(s, op), TCondition.Holds(s) ? (byte)1 : (byte)0))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>CMOVcc; a 32-bit destination loses its upper half even when the condition fails, and a memory source is always read.</summary>
    /// <typeparam name="TCondition">The condition.</typeparam>
    private readonly struct Move<TCondition> : Binary.IOperation
        where TCondition : struct, ICondition
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => TCondition.Holds(s) ? b : a;
    }

    private readonly struct O : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetOf(s);
    }

    private readonly struct No : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetOf(s);
    }

    private readonly struct B : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetCf(s);
    }

    private readonly struct Ae : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetCf(s);
    }

    private readonly struct E : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetZf(s);
    }

    private readonly struct Ne : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetZf(s);
    }

    private readonly struct Be : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetCf(s) || Flags.GetZf(s);
    }

    private readonly struct A : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetCf(s) && !Flags.GetZf(s);
    }

    private readonly struct S : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetSf(s);
    }

    private readonly struct Ns : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetSf(s);
    }

    private readonly struct P : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetPf(s);
    }

    private readonly struct Np : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetPf(s);
    }

    private readonly struct L : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetSf(s) != Flags.GetOf(s);
    }

    private readonly struct Ge : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetSf(s) == Flags.GetOf(s);
    }

    private readonly struct Le : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => Flags.GetZf(s) || Flags.GetSf(s) != Flags.GetOf(s);
    }

    private readonly struct G : ICondition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* s) => !Flags.GetZf(s) && Flags.GetSf(s) == Flags.GetOf(s);
    }
}
