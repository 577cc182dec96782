using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Moves of vector registers and their halves. Non-temporal forms are ordinary moves.</summary>
internal static unsafe class VectorMoves
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Movaps, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movapd, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movdqa, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movntps, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movntpd, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movntdq, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movntdqa, &BindWhole<Packed.Aligned>);
        table.Add(Mnemonic.Movups, &BindWhole<Packed.Unaligned>);
        table.Add(Mnemonic.Movupd, &BindWhole<Packed.Unaligned>);
        table.Add(Mnemonic.Movdqu, &BindWhole<Packed.Unaligned>);
        table.Add(Mnemonic.Lddqu, &BindWhole<Packed.Unaligned>);
        table.Add(Mnemonic.Movss, &BindScalar<uint>);
        table.Add(Mnemonic.Movsd, &BindScalar<ulong>);
        table.Add(Mnemonic.Movlps, &BindHalf);
        table.Add(Mnemonic.Movlpd, &BindHalf);
        table.Add(Mnemonic.Movhps, &BindHalf);
        table.Add(Mnemonic.Movhpd, &BindHalf);
        table.Add(Mnemonic.Movhlps, &BindHalf);
        table.Add(Mnemonic.Movlhps, &BindHalf);
        table.Add(Mnemonic.Movq, &BindQuadword);
        table.Add(Mnemonic.Movd, &BindDoubleword);
        table.Add(Mnemonic.Movntq, &BindQuadword);
        table.Add(Mnemonic.Movq2dq, &BindFromMmx);
        table.Add(Mnemonic.Movdq2q, &BindToMmx);
    }

    private static bool BindWhole<TAlignment>(in Instruction i, Op* op, uint mode)
        where TAlignment : struct, Packed.IAlignment
    {
        bool flat = Operand.IsFlat(op);
        op->Fn = op->MemoryOperand switch
        {
            0 => flat ? &StoreWhole<Operand.Flat, TAlignment> : &StoreWhole<Operand.Any, TAlignment>,
            1 => flat ? &LoadWhole<Operand.Flat, TAlignment> : &LoadWhole<Operand.Any, TAlignment>,
            _ => &CopyWhole,
        };
        return true;
    }

    private static bool BindScalar<T>(in Instruction i, Op* op, uint mode)
        where T : unmanaged
    {
        // MOVSD is also a string instruction, which has no vector register.
        if (!IsXmm(i, 0) && !IsXmm(i, 1))
        {
            return false;
        }

        op->Fn = op->MemoryOperand switch
        {
            0 => ChooseStore<T>(op),
            1 => ChooseLoad<T>(op),
            _ => &CopyPart<T>,
        };
        return true;
    }

    private static bool BindHalf(in Instruction i, Op* op, uint mode)
    {
        // The state offset of a register's upper half stands for the half.
        switch (i.Mnemonic)
        {
            case Mnemonic.Movhlps:
                op->Src += 8;
                break;
            case Mnemonic.Movlhps:
                op->Dst += 8;
                break;
            case Mnemonic.Movhps or Mnemonic.Movhpd when op->MemoryOperand == 0:
                op->Src += 8;
                break;
            case Mnemonic.Movhps or Mnemonic.Movhpd:
                op->Dst += 8;
                break;
        }

        op->Fn = op->MemoryOperand switch
        {
            0 => ChooseStore<ulong>(op),
            1 => &LoadPart<ulong>,
            _ => &CopyPart<ulong>,
        };
        return true;
    }

    private static bool BindQuadword(in Instruction i, Op* op, uint mode) => BindShort<ulong>(i, op, mode);

    private static bool BindDoubleword(in Instruction i, Op* op, uint mode) => BindShort<uint>(i, op, mode);

    /// <summary>MOVD, MOVQ: between an XMM or MMX register and memory, a general register, or a register of the same kind.</summary>
    private static bool BindShort<T>(in Instruction i, Op* op, uint mode)
        where T : unmanaged
    {
        if (IsMmx(i, 0))
        {
            op->Fn = op->MemoryOperand == 1 ? &MmxLoad<T> : &MmxCopy<T>;
        }
        else if (IsMmx(i, 1))
        {
            op->Fn = op->MemoryOperand == 0 ? &MmxStore<T> : &InPlace.MmxToGeneral<ToGeneral<T>>;
        }
        else if (op->MemoryOperand == 0)
        {
            op->Fn = ChooseStore<T>(op);
        }
        else if (op->MemoryOperand == 1)
        {
            op->Fn = ChooseLoad<T>(op);
        }
        else
        {
            op->Fn = IsXmm(i, 0) ? &CopyZeroExtended<T> : &InPlace.Register<ToGeneral<T>>;
        }

        return true;
    }

    private static bool BindFromMmx(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &MmxToXmm;
        return true;
    }

    private static bool BindToMmx(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &XmmToMmx;
        return true;
    }

    private static bool IsXmm(in Instruction i, int operand) => i.GetOpKind(operand) == OpKind.Register && i.GetOpRegister(operand).IsXMM();

    private static bool IsMmx(in Instruction i, int operand) => i.GetOpKind(operand) == OpKind.Register && i.GetOpRegister(operand).IsMM();

    private static delegate*<CpuState*, Op*, Op*> ChooseStore<T>(Op* op)
        where T : unmanaged
        => Operand.IsFlat(op) ? &StorePart<T, Operand.Flat> : &StorePart<T, Operand.Any>;

    private static delegate*<CpuState*, Op*, Op*> ChooseLoad<T>(Op* op)
        where T : unmanaged
        => Operand.IsFlat(op) ? &LoadZeroExtended<T, Operand.Flat> : &LoadZeroExtended<T, Operand.Any>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CopyWhole(CpuState* s, Op* op)
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        *Packed.Xmm(s, op->Dst) = *Packed.Xmm(s, op->Src);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadWhole<TAddress, TAlignment>(CpuState* s, Op* op)
        where TAddress : struct, Operand.IAddress
        where TAlignment : struct, Packed.IAlignment
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        ulong address = TAddress.Of(s, op);
        if (TAlignment.Required && !VectorState.Aligned16(s, address))
        {
            return Fault.Raise(s, op);
        }

        Vector128<byte>* p = Memory.Load<Vector128<byte>>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        *Packed.Xmm(s, op->Dst) = *p;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreWhole<TAddress, TAlignment>(CpuState* s, Op* op)
        where TAddress : struct, Operand.IAddress
        where TAlignment : struct, Packed.IAlignment
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        ulong address = TAddress.Of(s, op);
        if (TAlignment.Required && !VectorState.Aligned16(s, address))
        {
            return Fault.Raise(s, op);
        }

        if (!Memory.Store(s, address, *Packed.Xmm(s, op->Src)))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CopyPart<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        *(T*)((byte*)s + op->Dst) = *(T*)((byte*)s + op->Src);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CopyZeroExtended<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        *Packed.Xmm(s, op->Dst) = Packed.Get((T*)((byte*)s + op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadPart<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        *(T*)((byte*)s + op->Dst) = *p;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadZeroExtended<T, TAddress>(CpuState* s, Op* op)
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, TAddress.Of(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        *Packed.Xmm(s, op->Dst) = Packed.Get(p);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StorePart<T, TAddress>(CpuState* s, Op* op)
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        if (!VectorState.SseAvailable(s) || !Memory.Store(s, TAddress.Of(s, op), *(T*)((byte*)s + op->Src)))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxCopy<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        Mmx.Write(s, op->Dst, Operand.Read<T>(s, op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxLoad<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        Mmx.Write(s, op->Dst, Operand.Get<T>(p));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxStore<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.MmxAvailable(s) || !Memory.Store(s, Address.Any(s, op), *(T*)((byte*)s + op->Src)))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxToXmm(CpuState* s, Op* op)
    {
        if (!VectorState.SseAvailable(s) || !VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        *Packed.Xmm(s, op->Dst) = Vector128.CreateScalar(Mmx.Read(s, op->Src)).AsByte();
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmToMmx(CpuState* s, Op* op)
    {
        if (!VectorState.SseAvailable(s) || !VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        Mmx.Write(s, op->Dst, *(ulong*)((byte*)s + op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>A vector register's lowest lane to a general register, zero-extended.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct ToGeneral<T> : InPlace.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source) => *(ulong*)destination = Operand.Get<T>(source);
    }
}
