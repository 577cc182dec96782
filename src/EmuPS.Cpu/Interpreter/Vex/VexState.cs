using System.Runtime.CompilerServices;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>VZEROUPPER, VZEROALL, VLDMXCSR and VSTMXCSR.</summary>
internal static unsafe class VexState
{
    /// <summary>VZEROUPPER.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* ZeroUpper(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        StateImage.RestoreVectors(s, null, 16);
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>VZEROALL.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* ZeroAll(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        StateImage.RestoreVectors(s, null, 0);
        StateImage.RestoreVectors(s, null, 16);
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>VLDMXCSR.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* LoadMxcsr(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !ExtendedState.TryLoadMxcsr(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>VSTMXCSR.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* StoreMxcsr(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !Memory.Store(s, Address.Any(s, op), s->Mxcsr))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }
}
