using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>BT, BTS, BTR and BTC: CF is the tested bit, the other flags stay.</summary>
internal static unsafe class BitTests
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Bt, &Bind<Test>);
        table.Add(Mnemonic.Bts, &Bind<Set>);
        table.Add(Mnemonic.Btr, &Bind<Reset>);
        table.Add(Mnemonic.Btc, &Bind<Complement>);
    }

    private static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, Binary.IOperation
    {
        if (op->MemoryOperand != 0 || Operand.IsImmediate(i, 1))
        {
            return Binary.Bind<TOp>(i, op, mode);
        }

        bool locked = (op->Flags & OpFlags.Locked) != 0;
        op->Fn = i.MemorySize.GetSize() switch
        {
            2 => locked ? &StringLocked<TOp, ushort> : &String<TOp, ushort>,
            4 => locked ? &StringLocked<TOp, uint> : &String<TOp, uint>,
            _ => locked ? &StringLocked<TOp, ulong> : &String<TOp, ulong>,
        };
        return true;
    }

    /// <summary>Address of the operand-sized unit that holds a bit of a bit string: the register is a signed bit number.</summary>
    private static ulong UnitAddress<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        long bit = (long)Flags.SignExtend(Operand.Read<T>(s, op->Src), sizeof(T) * 8);
        ulong distance = sizeof(T) switch
        {
            2 => (ulong)(bit >> 4) << 1,
            4 => (ulong)(bit >> 5) << 2,
            _ => (ulong)(bit >> 6) << 3,
        };
        return Operand.Linear(s, op, op->Seg, Address.Flat(s, op) + distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* String<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        ulong address = UnitAddress<T>(s, op);
        T* p = TOp.Writes ? Memory.Modify<T>(s, address) : Memory.Load<T>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong result = TOp.Apply(s, Operand.Get<T>(p), Operand.Read<T>(s, op->Src), sizeof(T) * 8);
        if (TOp.Writes)
        {
            Operand.Set<T>(p, result);
            Memory.Commit(s, p);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StringLocked<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        T* p = Memory.ModifyLocked<T>(s, UnitAddress<T>(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Binary.Atomically<TOp, T>(s, p, Operand.Read<T>(s, op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(CpuState* s, ulong a, ulong b, int bits)
    {
        int bit = (int)b & (bits - 1);
        ulong difference = ((a >> bit) << 31) & 0x8000_0000;
        difference ^= s->FlagAux & 0x8000_0000;
        s->FlagAux ^= difference | (difference >> 1);
        return 1UL << bit;
    }

    private readonly struct Test : Binary.IOperation
    {
        public static bool Writes => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => Mask(s, a, b, bits);
    }

    private readonly struct Set : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => a | Mask(s, a, b, bits);
    }

    private readonly struct Reset : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => a & ~Mask(s, a, b, bits);
    }

    private readonly struct Complement : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits) => a ^ Mask(s, a, b, bits);
    }
}
