using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Flag instructions, hints and fences, and the instructions that exist to fault.</summary>
internal static unsafe class Miscellaneous
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        // Hints change nothing a program can see.
        System.ReadOnlySpan<Mnemonic> hints =
        [
            Mnemonic.Nop, Mnemonic.Reservednop, Mnemonic.Endbr32, Mnemonic.Endbr64, Mnemonic.Prefetchnta, Mnemonic.Prefetcht0,
            Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetch, Mnemonic.Prefetchw, Mnemonic.Prefetchwt1,
            Mnemonic.Cldemote, Mnemonic.Lfence, Mnemonic.Sfence,
        ];
        foreach (Mnemonic hint in hints)
        {
            table.Add(hint, &BindHint);
        }

        table.Add(Mnemonic.Pause, &BindPause);
        table.Add(Mnemonic.Clflush, &BindFlush);
        table.Add(Mnemonic.Clflushopt, &BindFlush);
        table.Add(Mnemonic.Clwb, &BindFlush);
        table.Add(Mnemonic.Mfence, &BindFence);
        table.Add(Mnemonic.Sahf, &BindFlags);
        table.Add(Mnemonic.Lahf, &BindFlags);
        table.Add(Mnemonic.Clc, &BindFlags);
        table.Add(Mnemonic.Stc, &BindFlags);
        table.Add(Mnemonic.Cmc, &BindFlags);
        table.Add(Mnemonic.Cld, &BindFlags);
        table.Add(Mnemonic.Std, &BindFlags);
        table.Add(Mnemonic.Ud0, &BindUndefined);
        table.Add(Mnemonic.Ud1, &BindUndefined);
        table.Add(Mnemonic.Ud2, &BindUndefined);
        table.Add(Mnemonic.Bound, &BindBound);
    }

    private static bool BindHint(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Nothing;
        return true;
    }

    private static bool BindPause(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Pause;
        return true;
    }

    private static bool BindFlush(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Flush;
        return true;
    }

    private static bool BindFence(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Fence;
        return true;
    }

    private static bool BindFlags(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Sahf => &Sahf,
            Mnemonic.Lahf => &Lahf,
            Mnemonic.Clc => &Clc,
            Mnemonic.Stc => &Stc,
            Mnemonic.Cmc => &Cmc,
            Mnemonic.Cld => &Cld,
            _ => &Std,
        };
        return true;
    }

    private static bool BindUndefined(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Undefined;
        return true;
    }

    private static bool BindBound(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.GetOpRegister(0).GetSize() == 2 ? &Bound<ushort> : &Bound<uint>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Pause(CpuState* s, Op* op)
    {
        GiveWay(s);
        return (op + 1)->Fn(s, op + 1);
    }

    // Apart, so that the handler needs no stack frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GiveWay(CpuState* s) => VirtualProcessor.Of(s).Pause();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Nothing(CpuState* s, Op* op) => (op + 1)->Fn(s, op + 1);

    /// <summary>A flushed line of coherent memory looks as it did before, but the access faults as a byte load would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Flush(CpuState* s, Op* op)
    {
        if (Memory.Load<byte>(s, Address.Any(s, op)) == null)
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Fence(CpuState* s, Op* op)
    {
        Interlocked.MemoryBarrier();
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Sahf(CpuState* s, Op* op)
    {
        const ulong Low = Flags.Cf | Flags.Pf | Flags.Af | Flags.Zf | Flags.Sf;
        Flags.SetStatus(s, (*((byte*)s + 1) & Low) | (Flags.Get(s) & Flags.Of));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Lahf(CpuState* s, Op* op)
    {
        *((byte*)s + 1) = (byte)Flags.Get(s);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Clc(CpuState* s, Op* op)
    {
        Flags.SetCf(s, false);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Stc(CpuState* s, Op* op)
    {
        Flags.SetCf(s, true);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Cmc(CpuState* s, Op* op)
    {
        Flags.SetCf(s, !Flags.GetCf(s));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Cld(CpuState* s, Op* op)
    {
        s->SystemFlags &= ~Flags.Df;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Std(CpuState* s, Op* op)
    {
        s->SystemFlags |= Flags.Df;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Undefined(CpuState* s, Op* op) => Fault.Raise(s, op, Vector.InvalidOpcode);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Bound<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        // The lower bound lies first, the upper one behind it.
        ulong address = Address.Any(s, op);
        T* p = Memory.Load<T>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        long lower = (long)Flags.SignExtend(Operand.Get<T>(p), sizeof(T) * 8);
        p = Memory.Load<T>(s, (uint)(address + (ulong)sizeof(T)));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        long upper = (long)Flags.SignExtend(Operand.Get<T>(p), sizeof(T) * 8);
        long index = (long)Flags.SignExtend(Operand.Read<T>(s, op->Dst), sizeof(T) * 8);
        if (index < lower || index > upper)
        {
            return Fault.Raise(s, op, Vector.BoundRange);
        }

        return (op + 1)->Fn(s, op + 1);
    }
}
