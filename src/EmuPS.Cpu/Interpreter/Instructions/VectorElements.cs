using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Single lanes and sign masks between vector registers, general registers and memory; masked stores; EMMS.</summary>
internal static unsafe class VectorElements
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Movmskps, &InPlace.Bind<SignMask<uint>>);
        table.Add(Mnemonic.Movmskpd, &InPlace.Bind<SignMask<ulong>>);
        table.Add(Mnemonic.Pmovmskb, &BindToGeneral<SignMask<byte>, MmxSignMask>);
        table.Add(Mnemonic.Pextrb, &BindExtract<byte>);
        table.Add(Mnemonic.Pextrw, &BindExtract<ushort>);
        table.Add(Mnemonic.Pextrd, &BindExtract<uint>);
        table.Add(Mnemonic.Pextrq, &BindExtract<ulong>);
        table.Add(Mnemonic.Extractps, &BindExtract<uint>);
        table.Add(Mnemonic.Pinsrb, &InPlace.Bind<Insert<byte>>);
        table.Add(Mnemonic.Pinsrw, &InPlace.Bind<Insert<ushort>, MmxInsertWord>);
        table.Add(Mnemonic.Pinsrd, &InPlace.Bind<Insert<uint>>);
        table.Add(Mnemonic.Pinsrq, &InPlace.Bind<Insert<ulong>>);
        table.Add(Mnemonic.Maskmovdqu, &BindMasked);
        table.Add(Mnemonic.Maskmovq, &BindMasked);
        table.Add(Mnemonic.Emms, &BindEmms);
    }

    private static bool BindToGeneral<TOp, TMmx>(in Instruction i, Op* op, uint mode)
        where TOp : struct, InPlace.IOperation
        where TMmx : struct, InPlace.IOperation
    {
        op->Fn = i.GetOpRegister(1).IsMM() ? &InPlace.MmxToGeneral<TMmx> : &InPlace.Register<TOp>;
        return true;
    }

    private static bool BindExtract<T>(in Instruction i, Op* op, uint mode)
        where T : unmanaged
    {
        if (op->MemoryOperand == 0)
        {
            op->Fn = &ExtractToMemory<T>;
            return true;
        }

        return BindToGeneral<Extract<T>, MmxExtractWord>(i, op, mode);
    }

    private static bool BindMasked(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.GetOpRegister(1).IsMM() ? &MmxStoreMasked : &StoreMasked;
        return true;
    }

    private static bool BindEmms(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Emms;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractToMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!VectorState.SseAvailable(s) || !Memory.Store(s, Address.Any(s, op), *Lane<T>((byte*)s + op->Src, op)))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreMasked(CpuState* s, Op* op)
    {
        if (!VectorState.SseAvailable(s) || !TryStoreMasked(s, op, 16))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxStoreMasked(CpuState* s, Op* op)
    {
        if (!VectorState.MmxAvailable(s) || !TryStoreMasked(s, op, 8))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Emms(CpuState* s, Op* op)
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        s->Ftw = 0;
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Stores the bytes of operand 1 whose mask bytes in operand 2 are negative. A page that gets no byte is not touched.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    /// <param name="size">8 or 16 bytes.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryStoreMasked(CpuState* s, Op* op, int size)
    {
        byte* data = (byte*)s + op->Src;
        byte* mask = (byte*)s + op->Src2;
        ulong address = Operand.Linear(s, op, op->Seg, s->Gpr[7]);

        // Nothing may be stored when a later byte lies on a page that faults.
        for (int n = 0; n < size; n++)
        {
            if (mask[n] >= 0x80 && !Memory.ProbeWrite(s, address + (ulong)n, 1))
            {
                return false;
            }
        }

        for (int n = 0; n < size; n++)
        {
            if (mask[n] >= 0x80 && !Memory.Store(s, address + (ulong)n, data[n]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The lane that the immediate selects: its bits beyond the number of lanes do not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Lane<T>(byte* register, Op* op)
        where T : unmanaged
        => (T*)register + (op->Imm & (ulong)((16 / sizeof(T)) - 1));

    /// <summary>MOVMSKPS, MOVMSKPD, PMOVMSKB.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct SignMask<T> : InPlace.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(ulong*)destination = (*(Vector128<T>*)source).ExtractMostSignificantBits();
    }

    /// <summary>PMOVMSKB of an MMX register.</summary>
    private readonly struct MmxSignMask : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(ulong*)destination = Vector128.CreateScalar(*(ulong*)source).AsByte().ExtractMostSignificantBits();
    }

    /// <summary>PEXTRB, PEXTRW, PEXTRD, PEXTRQ, EXTRACTPS to a register, zero-extended.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Extract<T> : InPlace.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(ulong*)destination = Operand.Get<T>(Lane<T>(source, op));
    }

    /// <summary>PEXTRW of an MMX register.</summary>
    private readonly struct MmxExtractWord : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(ulong*)destination = ((ushort*)source)[op->Imm & 3];
    }

    /// <summary>PINSRB, PINSRW, PINSRD, PINSRQ.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Insert<T> : InPlace.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *Lane<T>(destination, op) = *(T*)source;
    }

    /// <summary>PINSRW of an MMX register.</summary>
    private readonly struct MmxInsertWord : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => ((ushort*)destination)[op->Imm & 3] = *(ushort*)source;
    }
}
