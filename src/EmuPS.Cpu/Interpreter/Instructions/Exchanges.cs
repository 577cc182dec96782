using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Threading;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>XCHG, XADD, CMPXCHG, CMPXCHG8B and CMPXCHG16B. On memory they are atomic with or without a lock prefix.</summary>
internal static unsafe class Exchanges
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Xchg, &BindXchg);
        table.Add(Mnemonic.Xadd, &BindXadd);
        table.Add(Mnemonic.Cmpxchg, &BindCmpxchg);
        table.Add(Mnemonic.Cmpxchg8b, &BindCmpxchg8b);
        table.Add(Mnemonic.Cmpxchg16b, &BindCmpxchg16b);
    }

    private static bool BindXchg(in Instruction i, Op* op, uint mode)
    {
        if (op->MemoryOperand == 1)
        {
            op->Src = op->Dst;
        }

        bool memory = op->MemoryOperand != 0xFF;
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => memory ? &SwapMemory<byte> : &SwapRegisters<byte>,
            2 => memory ? &SwapMemory<ushort> : &SwapRegisters<ushort>,
            4 => memory ? &SwapMemory<uint> : &SwapRegisters<uint>,
            _ => memory ? &SwapMemory<ulong> : &SwapRegisters<ulong>,
        };
        return true;
    }

    private static bool BindXadd(in Instruction i, Op* op, uint mode)
    {
        bool memory = op->MemoryOperand == 0;
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => memory ? &AddMemory<byte> : &AddRegisters<byte>,
            2 => memory ? &AddMemory<ushort> : &AddRegisters<ushort>,
            4 => memory ? &AddMemory<uint> : &AddRegisters<uint>,
            _ => memory ? &AddMemory<ulong> : &AddRegisters<ulong>,
        };
        return true;
    }

    private static bool BindCmpxchg(in Instruction i, Op* op, uint mode)
    {
        bool memory = op->MemoryOperand == 0;
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => memory ? &CompareMemory<byte> : &CompareRegisters<byte>,
            2 => memory ? &CompareMemory<ushort> : &CompareRegisters<ushort>,
            4 => memory ? &CompareMemory<uint> : &CompareRegisters<uint>,
            _ => memory ? &CompareMemory<ulong> : &CompareRegisters<ulong>,
        };
        return true;
    }

    private static bool BindCmpxchg8b(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Compare8;
        return true;
    }

    private static bool BindCmpxchg16b(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Compare16;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SwapRegisters<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        ulong a = Operand.Read<T>(s, op->Dst);
        Operand.Write<T>(s, op->Dst, Operand.Read<T>(s, op->Src));
        Operand.Write<T>(s, op->Src, a);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SwapMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.ModifyLocked<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong value = Operand.Read<T>(s, op->Src);
        ulong old;
        if (p == s->Bounce)
        {
            old = Operand.Get<T>(p);
            Operand.Set<T>(p, value);
            Memory.Commit(s, p);
        }
        else
        {
            old = sizeof(T) switch
            {
                1 => Interlocked.Exchange(ref *(byte*)p, (byte)value),
                2 => Interlocked.Exchange(ref *(ushort*)p, (ushort)value),
                4 => Interlocked.Exchange(ref *(uint*)p, (uint)value),
                _ => Interlocked.Exchange(ref *(ulong*)p, value),
            };
        }

        Operand.Write<T>(s, op->Src, old);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* AddRegisters<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        ulong a = Operand.Read<T>(s, op->Dst);
        ulong b = Operand.Read<T>(s, op->Src);
        Operand.Write<T>(s, op->Src, a);
        Operand.Write<T>(s, op->Dst, a + b);
        Flags.Add(s, a, b, a + b, sizeof(T) * 8);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* AddMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.ModifyLocked<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong b = Operand.Read<T>(s, op->Src);
        ulong a;
        do
        {
            a = Operand.Get<T>(p);
        }
        while (!Binary.CompareExchange(s, p, a + b, a));
        Operand.Write<T>(s, op->Src, a);
        Flags.Add(s, a, b, a + b, sizeof(T) * 8);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CompareRegisters<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        ulong expected = Operand.Read<T>(s, 0);
        ulong old = Operand.Read<T>(s, op->Dst);
        Flags.Sub(s, expected, old, expected - old, sizeof(T) * 8);
        if (old == expected)
        {
            Operand.Write<T>(s, op->Dst, Operand.Read<T>(s, op->Src));
        }
        else
        {
            Operand.Write<T>(s, 0, old);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CompareMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.ModifyLocked<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong expected = Operand.Read<T>(s, 0);
        ulong value = Operand.Read<T>(s, op->Src);
        ulong old;
        if (p == s->Bounce)
        {
            // A failed comparison writes the old value back, as the processor does.
            old = Operand.Get<T>(p);
            Operand.Set<T>(p, old == expected ? value : old);
            Memory.Commit(s, p);
        }
        else
        {
            old = sizeof(T) switch
            {
                1 => Interlocked.CompareExchange(ref *(byte*)p, (byte)value, (byte)expected),
                2 => Interlocked.CompareExchange(ref *(ushort*)p, (ushort)value, (ushort)expected),
                4 => Interlocked.CompareExchange(ref *(uint*)p, (uint)value, (uint)expected),
                _ => Interlocked.CompareExchange(ref *(ulong*)p, value, expected),
            };
        }

        Flags.Sub(s, expected, old, expected - old, sizeof(T) * 8);
        if (old != expected)
        {
            Operand.Write<T>(s, 0, old);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Compare8(CpuState* s, Op* op)
    {
        ulong* p = Memory.ModifyLocked<ulong>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong expected = (s->Gpr[2] << 32) | (uint)s->Gpr[0];
        ulong value = (s->Gpr[1] << 32) | (uint)s->Gpr[3];
        ulong old;
        if (p == s->Bounce)
        {
            old = *p;
            *p = old == expected ? value : old;
            Memory.Commit(s, p);
        }
        else
        {
            old = Interlocked.CompareExchange(ref *p, value, expected);
        }

        SetZf(s, old == expected);
        if (old != expected)
        {
            s->Gpr[0] = (uint)old;
            s->Gpr[2] = old >> 32;
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Compare16(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        if ((address & 15) != 0)
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        ulong* p = (ulong*)Memory.ModifyLocked<Vector128<ulong>>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        CompareWide(s, p);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CompareWide(CpuState* s, ulong* p)
    {
        ulong* expected = stackalloc ulong[2] { s->Gpr[0], s->Gpr[2] };
        ulong* value = stackalloc ulong[2] { s->Gpr[3], s->Gpr[1] };
        bool equal = VirtualProcessor.Of(s).Group.Wide.Exchange(p, expected, value);
        Memory.Commit(s, p);
        SetZf(s, equal);
        if (!equal)
        {
            s->Gpr[0] = expected[0];
            s->Gpr[2] = expected[1];
        }
    }

    private static void SetZf(CpuState* s, bool value)
        => Flags.SetStatus(s, (Flags.Get(s) & Flags.Status & ~Flags.Zf) | (value ? Flags.Zf : 0));
}
