using System.Runtime.CompilerServices;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of SSE floating-point instructions: operand 1 is a register or memory, the rest is the instruction's own.</summary>
internal static unsafe class SseShapes
{
    /// <summary>What an instruction does once its source can be read.</summary>
    public interface IAction
    {
        /// <summary>Runs; must not be inlined, because handlers may have no local whose address is taken.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        /// <param name="source">The source operand: a register of the state or guest memory. To be read before anything is written.</param>
        /// <returns>False when a fault was recorded; nothing but flags was changed then.</returns>
        static abstract bool Run(CpuState* s, Op* op, void* source);

        /// <summary>Whether the instruction obeys the rules of MMX too, a pending x87 exception above all, before it looks at memory.</summary>
        static virtual bool UsesMmx => false;
    }

    /// <summary>Chooses the handler.</summary>
    /// <typeparam name="TAction">The instruction.</typeparam>
    /// <typeparam name="T">The source in memory; 16 bytes must be aligned.</typeparam>
    /// <param name="op">The op.</param>
    /// <returns>True.</returns>
    public static bool Bind<TAction, T>(Op* op)
        where TAction : struct, IAction
        where T : unmanaged
    {
        op->Fn = op->MemoryOperand == 0xFF ? &FromRegister<TAction> : &FromMemory<TAction, T>;
        return true;
    }

    /// <summary>Ends an instruction: sets the flags of MXCSR, and records the fault of an unmasked exception.</summary>
    /// <param name="s">The state.</param>
    /// <param name="c">What the operations found.</param>
    /// <returns>Whether the result may be written.</returns>
    public static bool Finish(CpuState* s, in FloatContext c)
    {
        uint unmasked = c.Unmasked;
        if (unmasked == 0)
        {
            s->Mxcsr |= c.Flags;
            return true;
        }

        // An unmasked exception of the operands comes before any result: none of the results' exceptions is seen (SDM vol. 1, 11.5.2).
        s->Mxcsr |= (unmasked & FloatFlags.BeforeResult) != 0 ? c.Flags & FloatFlags.BeforeResult : c.Flags;
        return VectorState.RecordSimd(s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromRegister<TAction>(CpuState* s, Op* op)
        where TAction : struct, IAction
    {
        if (!VectorState.SseAvailable(s) || !TAction.Run(s, op, (byte*)s + op->Src))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromMemory<TAction, T>(CpuState* s, Op* op)
        where TAction : struct, IAction
        where T : unmanaged
    {
        if (!VectorState.SseAvailable(s) || (TAction.UsesMmx && !VectorState.MmxAvailable(s)))
        {
            return Fault.Raise(s, op);
        }

        ulong address = Address.Any(s, op);
        if (sizeof(T) == 16 && !VectorState.Aligned16(s, address))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, address);
        if (p == null || !TAction.Run(s, op, p))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }
}
