using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>VGATHER and VPGATHER: an element for each negative mask, from the lowest on. A fault leaves what was gathered gathered and its masks cleared, so that the instruction goes on where it stopped (SDM vol. 2, VPGATHERDD).</summary>
internal static unsafe class Gathers
{
    private const int RegisterSize = 32;

    /// <summary>Chooses the handler. <see cref="Op.Dst"/> is the destination, <see cref="Op.Src"/> the mask, <see cref="Op.Src2"/> the register of indexes, <see cref="Op.Aux"/> the number of elements.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <returns>False for #UD: two of the registers are the same.</returns>
    public static bool TryBind(in Instruction i, Op* op)
    {
        op->Src2 = RegisterOffset.Of(i.MemoryIndex);
        if (op->Dst == op->Src || op->Dst == op->Src2 || op->Src == op->Src2)
        {
            return false;
        }

        // The address fields were filled as if the index were a general register.
        op->Index = CpuState.ZeroOffset;
        bool narrow = i.MemoryBase != Register.None ? i.MemoryBase.GetSize() == 4 : i.MemoryDisplSize == 4;
        op->Flags = (byte)(op->Flags & ~(OpFlags.Address16 | OpFlags.Address32) | (narrow ? OpFlags.Address32 : 0));

        bool wideIndex = i.Mnemonic is Mnemonic.Vgatherqpd or Mnemonic.Vgatherqps or Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq;
        bool wideElement = i.Mnemonic is Mnemonic.Vgatherdpd or Mnemonic.Vgatherqpd or Mnemonic.Vpgatherdq or Mnemonic.Vpgatherqq;
        int destination = i.Op0Register.GetSize() / (wideElement ? 8 : 4);
        int indexes = i.MemoryIndex.GetSize() / (wideIndex ? 8 : 4);
        op->Aux = (ushort)Math.Min(destination, indexes);
        op->Fn = (wideIndex, wideElement) switch
        {
            (false, false) => &Gather<int, uint>,
            (false, true) => &Gather<int, ulong>,
            (true, false) => &Gather<long, uint>,
            _ => &Gather<long, ulong>,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Gather<TIndex, T>(CpuState* s, Op* op)
        where TIndex : unmanaged
        where T : unmanaged
    {
        if (!VectorState.AvxAvailable(s) || !TryGather<TIndex, T>(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryGather<TIndex, T>(CpuState* s, Op* op)
        where TIndex : unmanaged
        where T : unmanaged
    {
        T* destination = (T*)((byte*)s + op->Dst);
        T* mask = (T*)((byte*)s + op->Src);
        byte* indexes = (byte*)s + op->Src2;
        int count = op->Aux;
        s->UpperHalves = CpuState.UpperHalvesUsed;

        for (int n = 0; n < count; n++)
        {
            if (((byte*)(mask + n))[sizeof(T) - 1] >= 0x80)
            {
                long index = sizeof(TIndex) == 4 ? ((int*)indexes)[n] : ((long*)indexes)[n];
                T* p = Memory.Load<T>(s, ElementAddress(s, op, (ulong)index << op->Scale));
                if (p == null)
                {
                    return false;
                }

                destination[n] = *p;
            }

            mask[n] = default;
        }

        new Span<byte>(destination + count, RegisterSize - (count * sizeof(T))).Clear();
        new Span<byte>(mask, RegisterSize).Clear();
        return true;
    }

    private static ulong ElementAddress(CpuState* s, Op* op, ulong index)
    {
        ulong offset = Address.Flat(s, op) + index;
        if ((op->Flags & OpFlags.Address32) != 0)
        {
            offset = (uint)offset;
        }

        if ((op->Flags & (OpFlags.FlatAddress | OpFlags.NoSegment)) != 0)
        {
            return offset;
        }

        ulong address = offset + CpuState.Seg(s, op->Seg)->Base;
        return (s->Mode & CpuMode.Long64) != 0 ? address : (uint)address;
    }
}
