using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>VMASKMOVPS, VMASKMOVPD, VPMASKMOVD, VPMASKMOVQ and VMASKMOVDQU: only elements whose mask is negative are accessed, and only they fault.</summary>
internal static unsafe class MaskedMoves
{
    private const int WidestOperand = 32;

    /// <summary>Chooses the handler; <see cref="Op.Aux"/> becomes the number of elements.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <returns>True.</returns>
    public static bool Bind<T>(in Instruction i, Op* op)
        where T : unmanaged
    {
        op->Aux = (ushort)(i.MemorySize.GetSize() / sizeof(T));
        op->Fn = op->MemoryOperand == 0 ? &Store<T> : &Load<T>;
        return true;
    }

    /// <summary>VMASKMOVDQU.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* StoreBytes(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !VectorElements.TryStoreMasked(s, op, 16))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Load<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.AvxAvailable(s) || !TryLoad<T>(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Store<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.AvxAvailable(s) || !TryStore<T>(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    private static bool Selects<T>(T* mask, int n)
        where T : unmanaged
        => ((byte*)(mask + n))[sizeof(T) - 1] >= 0x80;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryLoad<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        ulong address = Address.Any(s, op);
        T* mask = (T*)((byte*)s + op->Src);
        byte* result = stackalloc byte[WidestOperand];
        *(Vector256<byte>*)result = default;
        for (int n = 0; n < op->Aux; n++)
        {
            if (!Selects(mask, n))
            {
                continue;
            }

            T* p = Memory.Load<T>(s, address + (ulong)(n * sizeof(T)));
            if (p == null)
            {
                return false;
            }

            ((T*)result)[n] = *p;
        }

        s->UpperHalves = CpuState.UpperHalvesUsed;
        *(Vector256<byte>*)((byte*)s + op->Dst) = *(Vector256<byte>*)result;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryStore<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        ulong address = Address.Any(s, op);
        T* mask = (T*)((byte*)s + op->Dst);
        T* data = (T*)((byte*)s + op->Src);

        // Nothing may be stored when a later element lies on a page that faults.
        for (int n = 0; n < op->Aux; n++)
        {
            if (Selects(mask, n) && !Memory.ProbeWrite(s, address + (ulong)(n * sizeof(T)), sizeof(T)))
            {
                return false;
            }
        }

        for (int n = 0; n < op->Aux; n++)
        {
            if (Selects(mask, n) && !Memory.Store(s, address + (ulong)(n * sizeof(T)), data[n]))
            {
                return false;
            }
        }

        return true;
    }
}
