using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Data movement without arithmetic: MOV, MOVZX, MOVSX, MOVSXD, MOVBE, MOVNTI, LEA, BSWAP, XLAT, and the sign extensions of the accumulator.</summary>
internal static unsafe class Moves
{
    private interface IExtension
    {
        static abstract ulong Apply(ulong value, int bits);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Mov, &BindMov);
        table.Add(Mnemonic.Movnti, &BindMov);
        table.Add(Mnemonic.Movzx, &BindExtend<Zero>);
        table.Add(Mnemonic.Movsx, &BindExtend<Sign>);
        table.Add(Mnemonic.Movsxd, &BindExtend<Sign>);
        table.Add(Mnemonic.Movbe, &BindMovbe);
        table.Add(Mnemonic.Bswap, &Unary.Bind<Swap>);
        table.Add(Mnemonic.Lea, &BindLea);
        table.Add(Mnemonic.Xlatb, &BindXlat);
        table.Add(Mnemonic.Cbw, &BindAccumulator);
        table.Add(Mnemonic.Cwde, &BindAccumulator);
        table.Add(Mnemonic.Cdqe, &BindAccumulator);
        table.Add(Mnemonic.Cwd, &BindAccumulator);
        table.Add(Mnemonic.Cdq, &BindAccumulator);
        table.Add(Mnemonic.Cqo, &BindAccumulator);
    }

    /// <summary>Chooses the handler of a MOV between general registers, memory and immediates, or from a segment register. Loads of segment, control and debug registers are not offered here.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool BindMov(in Instruction i, Op* op, uint mode)
    {
        for (int n = 0; n < 2; n++)
        {
            if (i.GetOpKind(n) != OpKind.Register)
            {
                continue;
            }

            Iced.Intel.Register register = i.GetOpRegister(n);
            if (n == 1 && register.IsSegmentRegister())
            {
                return BindSelector(i, op);
            }

            if (!register.IsGPR())
            {
                return false;
            }
        }

        if (op->MemoryOperand != 0)
        {
            return Binary.Bind<Copy>(i, op, mode);
        }

        op->Fn = i.MemorySize.GetSize() switch
        {
            1 => ChooseStore<byte>(i, op),
            2 => ChooseStore<ushort>(i, op),
            4 => ChooseStore<uint>(i, op),
            _ => ChooseStore<ulong>(i, op),
        };
        return true;
    }

    private static bool BindSelector(in Instruction i, Op* op)
    {
        op->Fn = op->MemoryOperand == 0
            ? &Store<ushort, Operand.SelectorSource, Operand.Any>
            : i.GetOpRegister(0).GetSize() switch
            {
                2 => &Binary.ToRegister<Copy, ushort, Operand.SelectorSource>,
                4 => &Binary.ToRegister<Copy, uint, Operand.SelectorSource>,
                _ => &Binary.ToRegister<Copy, ulong, Operand.SelectorSource>,
            };
        return true;
    }

    private static bool BindExtend<TExtension>(in Instruction i, Op* op, uint mode)
        where TExtension : struct, IExtension
    {
        op->Fn = (Operand.Size(i, 0), Operand.Size(i, 1)) switch
        {
            (2, 1) => ChooseExtend<ushort, byte, TExtension>(op),
            (4, 1) => ChooseExtend<uint, byte, TExtension>(op),
            (8, 1) => ChooseExtend<ulong, byte, TExtension>(op),
            (2, 2) => ChooseExtend<ushort, ushort, TExtension>(op),
            (4, 2) => ChooseExtend<uint, ushort, TExtension>(op),
            (8, 2) => ChooseExtend<ulong, ushort, TExtension>(op),
            (2, 4) => ChooseExtend<ushort, uint, TExtension>(op),
            (4, 4) => ChooseExtend<uint, uint, TExtension>(op),
            _ => ChooseExtend<ulong, uint, TExtension>(op),
        };
        return true;
    }

    private static bool BindMovbe(in Instruction i, Op* op, uint mode)
    {
        op->Fn = (i.MemorySize.GetSize(), op->MemoryOperand) switch
        {
            (2, 0) => &StoreSwapped<ushort>,
            (4, 0) => &StoreSwapped<uint>,
            (_, 0) => &StoreSwapped<ulong>,
            (2, _) => &Binary.FromMemory<SwapSource, ushort, Operand.Any>,
            (4, _) => &Binary.FromMemory<SwapSource, uint, Operand.Any>,
            _ => &Binary.FromMemory<SwapSource, ulong, Operand.Any>,
        };
        return true;
    }

    private static bool BindLea(in Instruction i, Op* op, uint mode)
    {
        bool whole = (op->Flags & (OpFlags.Address16 | OpFlags.Address32)) == 0;
        op->Fn = i.GetOpRegister(0).GetSize() switch
        {
            2 => &Lea<ushort>,
            4 => whole ? &LeaWhole<uint> : &Lea<uint>,
            _ => whole ? &LeaWhole<ulong> : &Lea<ulong>,
        };
        return true;
    }

    private static bool BindXlat(in Instruction i, Op* op, uint mode)
    {
        // The address is rBX + AL: the size of the index says nothing here, only that of the base.
        op->Flags &= unchecked((byte)~(OpFlags.Address16 | OpFlags.Address32));
        op->Flags |= i.MemoryBase switch
        {
            Iced.Intel.Register.BX => OpFlags.Address16,
            Iced.Intel.Register.EBX => OpFlags.Address32,
            _ => 0,
        };
        op->Fn = &Xlat;
        return true;
    }

    private static bool BindAccumulator(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Cbw => &Widen<ushort, byte>,
            Mnemonic.Cwde => &Widen<uint, ushort>,
            Mnemonic.Cdqe => &Widen<ulong, uint>,
            Mnemonic.Cwd => &Spread<ushort>,
            Mnemonic.Cdq => &Spread<uint>,
            _ => &Spread<ulong>,
        };
        return true;
    }

    private static delegate*<CpuState*, Op*, Op*> ChooseStore<T>(in Instruction i, Op* op)
        where T : unmanaged
    {
        if (Operand.IsImmediate(i, 1))
        {
            return Operand.IsFlat(op) ? &Store<T, Operand.Immediate, Operand.Flat> : &Store<T, Operand.Immediate, Operand.Any>;
        }

        return Operand.IsFlat(op) ? &Store<T, Operand.Source, Operand.Flat> : &Store<T, Operand.Source, Operand.Any>;
    }

    private static delegate*<CpuState*, Op*, Op*> ChooseExtend<TTo, TFrom, TExtension>(Op* op)
        where TTo : unmanaged
        where TFrom : unmanaged
        where TExtension : struct, IExtension
    {
        if (op->MemoryOperand != 1)
        {
            return &ExtendRegister<TTo, TFrom, TExtension>;
        }

        return Operand.IsFlat(op) ? &ExtendMemory<TTo, TFrom, TExtension, Operand.Flat> : &ExtendMemory<TTo, TFrom, TExtension, Operand.Any>;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Store<T, TSource, TAddress>(CpuState* s, Op* op)
        where T : unmanaged
        where TSource : struct, Operand.ISource
        where TAddress : struct, Operand.IAddress
    {
        if (!Memory.Store(s, TAddress.Of(s, op), Operand.Narrow<T>(TSource.Get<T>(s, op))))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreSwapped<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!Memory.Store(s, Address.Any(s, op), Operand.Narrow<T>(Reverse(Operand.Read<T>(s, op->Src), sizeof(T) * 8))))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtendRegister<TTo, TFrom, TExtension>(CpuState* s, Op* op)
        where TTo : unmanaged
        where TFrom : unmanaged
        where TExtension : struct, IExtension
    {
        Operand.Write<TTo>(s, op->Dst, TExtension.Apply(Operand.Read<TFrom>(s, op->Src), sizeof(TFrom) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtendMemory<TTo, TFrom, TExtension, TAddress>(CpuState* s, Op* op)
        where TTo : unmanaged
        where TFrom : unmanaged
        where TExtension : struct, IExtension
        where TAddress : struct, Operand.IAddress
    {
        TFrom* p = Memory.Load<TFrom>(s, TAddress.Of(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Operand.Write<TTo>(s, op->Dst, TExtension.Apply(Operand.Get<TFrom>(p), sizeof(TFrom) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LeaWhole<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        Operand.Write<T>(s, op->Dst, Address.Flat(s, op));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Lea<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        Operand.Write<T>(s, op->Dst, Address.Offset(s, op));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Xlat(CpuState* s, Op* op)
    {
        byte* p = Memory.Load<byte>(s, Operand.Linear(s, op, op->Seg, s->Gpr[3] + (byte)s->Gpr[0]));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        *(byte*)s->Gpr = *p;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Widen<TTo, TFrom>(CpuState* s, Op* op)
        where TTo : unmanaged
        where TFrom : unmanaged
    {
        Operand.Write<TTo>(s, CpuState.GprOffset, Flags.SignExtend(s->Gpr[0], sizeof(TFrom) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Spread<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        Operand.Write<T>(s, CpuState.GprOffset + 16, (ulong)((long)Flags.SignExtend(s->Gpr[0], sizeof(T) * 8) >> 63));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reverse(ulong value, int bits)
        => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) >> (64 - bits);

    /// <summary>Operand 1 as it is.</summary>
    public readonly struct Copy : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => b;
    }

    private readonly struct SwapSource : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => Reverse(b, bits);
    }

    /// <summary>BSWAP; of 16 bits the result is undefined and hardware gives zero.</summary>
    private readonly struct Swap : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => bits == 16 ? 0 : Reverse(a, bits);
    }

    private readonly struct Zero : IExtension
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(ulong value, int bits) => value;
    }

    private readonly struct Sign : IExtension
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(ulong value, int bits) => Flags.SignExtend(value, bits);
    }
}
