using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Shuffles whose lanes an immediate selects, blends by the mask in XMM0, INSERTPS, MPSADBW and PHMINPOSUW.</summary>
internal static unsafe class PackedSelections
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Pshufd, &InPlace.Bind<ShuffleDoublewords>);
        table.Add(Mnemonic.Pshuflw, &InPlace.Bind<ShuffleLowWords>);
        table.Add(Mnemonic.Pshufhw, &InPlace.Bind<ShuffleHighWords>);
        table.Add(Mnemonic.Pshufw, &InPlace.Bind<ShuffleWords, ShuffleWords>);
        table.Add(Mnemonic.Shufps, &InPlace.Bind<ShuffleSingles>);
        table.Add(Mnemonic.Shufpd, &InPlace.Bind<ShuffleDoubles>);
        table.Add(Mnemonic.Pblendvb, &InPlace.Bind<BlendByMask<sbyte>>);
        table.Add(Mnemonic.Blendvps, &InPlace.Bind<BlendByMask<int>>);
        table.Add(Mnemonic.Blendvpd, &InPlace.Bind<BlendByMask<long>>);
        table.Add(Mnemonic.Insertps, &InPlace.Bind<InsertSingle>);
        table.Add(Mnemonic.Mpsadbw, &InPlace.Bind<MultipleSums>);
        table.Add(Mnemonic.Phminposuw, &InPlace.Bind<MinimumPosition>);
    }

    /// <summary>Four words of a quadword, chosen by two bits each of the immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SelectWords(ushort* words, ulong immediate)
        => words[immediate & 3]
            | ((ulong)words[(immediate >> 2) & 3] << 16)
            | ((ulong)words[(immediate >> 4) & 3] << 32)
            | ((ulong)words[(immediate >> 6) & 3] << 48);

    /// <summary>PSHUFD.</summary>
    private readonly struct ShuffleDoublewords : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* p = (uint*)source;
            ulong select = op->Imm;
            *(Vector128<uint>*)destination = Vector128.Create(p[select & 3], p[(select >> 2) & 3], p[(select >> 4) & 3], p[(select >> 6) & 3]);
        }
    }

    /// <summary>PSHUFLW.</summary>
    private readonly struct ShuffleLowWords : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(Vector128<ulong>*)destination = Vector128.Create(SelectWords((ushort*)source, op->Imm), ((ulong*)source)[1]);
    }

    /// <summary>PSHUFHW.</summary>
    private readonly struct ShuffleHighWords : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(Vector128<ulong>*)destination = Vector128.Create(((ulong*)source)[0], SelectWords((ushort*)source + 4, op->Imm));
    }

    /// <summary>PSHUFW, which MMX registers alone have.</summary>
    private readonly struct ShuffleWords : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(ulong*)destination = SelectWords((ushort*)source, op->Imm);
    }

    /// <summary>SHUFPS.</summary>
    private readonly struct ShuffleSingles : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* a = (uint*)destination;
            uint* b = (uint*)source;
            ulong select = op->Imm;
            *(Vector128<uint>*)destination = Vector128.Create(a[select & 3], a[(select >> 2) & 3], b[(select >> 4) & 3], b[(select >> 6) & 3]);
        }
    }

    /// <summary>SHUFPD.</summary>
    private readonly struct ShuffleDoubles : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => *(Vector128<ulong>*)destination = Vector128.Create(((ulong*)destination)[op->Imm & 1], ((ulong*)source)[(op->Imm >> 1) & 1]);
    }

    /// <summary>PBLENDVB, BLENDVPS, BLENDVPD: a lane whose mask has its sign set comes from operand 1.</summary>
    /// <typeparam name="T">The lane, signed.</typeparam>
    private readonly struct BlendByMask<T> : InPlace.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            Vector128<T> mask = Vector128.LessThan(Packed.Xmm(s, CpuState.XmmOffset)->As<byte, T>(), Vector128<T>.Zero);
            *(Vector128<T>*)destination = Vector128.ConditionalSelect(mask, *(Vector128<T>*)source, *(Vector128<T>*)destination);
        }
    }

    /// <summary>INSERTPS: bits 7 and 6 choose the source lane (of a register), 5 and 4 the destination, 3 to 0 the lanes to clear.</summary>
    private readonly struct InsertSingle : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* d = (uint*)destination;
            ulong select = op->Imm;
            d[(select >> 4) & 3] = ((uint*)source)[op->MemoryOperand == 1 ? 0 : (select >> 6) & 3];
            for (int lane = 0; lane < 4; lane++)
            {
                d[lane] = ((select >> lane) & 1) != 0 ? 0 : d[lane];
            }
        }
    }

    /// <summary>MPSADBW: eight sums of four absolute differences, between a group of operand 1 (bits 1 and 0) and eight overlapping groups of operand 0 (from bit 2).</summary>
    private readonly struct MultipleSums : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            byte* a = destination + ((op->Imm & 4) != 0 ? 4 : 0);
            byte* b = source + ((op->Imm & 3) * 4);
            ulong* sums = stackalloc ulong[2];
            for (int n = 0; n < 8; n++)
            {
                int sum = 0;
                for (int k = 0; k < 4; k++)
                {
                    sum += System.Math.Abs(a[n + k] - b[k]);
                }

                ((ushort*)sums)[n] = (ushort)sum;
            }

            ((ulong*)destination)[0] = sums[0];
            ((ulong*)destination)[1] = sums[1];
        }
    }

    /// <summary>PHMINPOSUW: the smallest word and the position where it first stands.</summary>
    private readonly struct MinimumPosition : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            ushort* words = (ushort*)source;
            int position = 0;
            for (int n = 1; n < 8; n++)
            {
                position = words[n] < words[position] ? n : position;
            }

            *(Vector128<ulong>*)destination = Vector128.CreateScalar(words[position] | ((ulong)position << 16));
        }
    }
}
