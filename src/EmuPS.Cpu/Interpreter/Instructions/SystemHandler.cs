using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The handlers of instructions whose work is one call: what comes after it is all that differs.</summary>
internal static unsafe class SystemHandler
{
    /// <summary>The work of an instruction. Implementations are not inlined, so they may have locals whose address is taken.</summary>
    public interface IOperation
    {
        /// <summary>Does it.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        /// <returns>False when a fault was recorded; nothing changed then.</returns>
        static abstract bool Run(CpuState* s, Op* op);
    }

    /// <summary>The block goes on.</summary>
    /// <typeparam name="TOperation">The work.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Next<TOperation>(CpuState* s, Op* op)
        where TOperation : struct, IOperation
    {
        if (!TOperation.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>The block ends before the next instruction, because the mode, the address space or the interrupt state may be another one there.</summary>
    /// <typeparam name="TOperation">The work.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Last<TOperation>(CpuState* s, Op* op)
        where TOperation : struct, IOperation
    {
        if (!TOperation.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        s->Rip = op->NextRip;
        return null;
    }

    /// <summary>The work has set RIP: a control transfer.</summary>
    /// <typeparam name="TOperation">The work.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Away<TOperation>(CpuState* s, Op* op)
        where TOperation : struct, IOperation
    {
        if (!TOperation.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        return null;
    }
}
