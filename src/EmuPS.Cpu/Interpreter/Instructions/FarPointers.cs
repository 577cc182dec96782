using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>LDS, LES, LFS, LGS and LSS, and the reading of far pointers in memory.</summary>
internal static unsafe class FarPointers
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lds, &Bind);
        table.Add(Mnemonic.Les, &Bind);
        table.Add(Mnemonic.Lfs, &Bind);
        table.Add(Mnemonic.Lgs, &Bind);
        table.Add(Mnemonic.Lss, &Bind);
    }

    /// <summary>Reads an offset and the selector behind it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op with a memory operand.</param>
    /// <param name="size">Size of the offset: 2, 4 or 8 bytes.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="offset">The offset.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryRead(CpuState* s, Op* op, int size, out ushort selector, out ulong offset)
    {
        selector = 0;
        offset = 0;
        ulong address = Address.Any(s, op);
        void* p = size switch
        {
            2 => Memory.Load<ushort>(s, address),
            4 => Memory.Load<uint>(s, address),
            _ => Memory.Load<ulong>(s, address),
        };
        if (p is null)
        {
            return false;
        }

        offset = size switch
        {
            2 => *(ushort*)p,
            4 => *(uint*)p,
            _ => *(ulong*)p,
        };
        address += (uint)size;
        ushort* q = Memory.Load<ushort>(s, (s->Mode & CpuMode.Long64) != 0 ? address : (uint)address);
        if (q is null)
        {
            return false;
        }

        selector = *q;
        return true;
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        int segment = i.Mnemonic switch
        {
            Mnemonic.Lds => SegmentIndex.Ds,
            Mnemonic.Les => SegmentIndex.Es,
            Mnemonic.Lfs => SegmentIndex.Fs,
            Mnemonic.Lgs => SegmentIndex.Gs,
            _ => SegmentIndex.Ss,
        };
        op->Aux = (ushort)segment;
        op->Fn = i.GetOpRegister(0).GetSize() switch
        {
            2 => &Load<ushort>,
            4 => &Load<uint>,
            _ => &Load<ulong>,
        };
        return op->MemoryOperand == 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Load<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!LoadPointer<T>(s, op))
        {
            return Fault.Raise(s, op);
        }

        if (op->Aux == SegmentIndex.Ss)
        {
            s->Rip = op->NextRip;
            return null;
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool LoadPointer<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (!TryRead(s, op, sizeof(T), out ushort selector, out ulong offset) || !SegmentLoading.TryLoadData(s, op->Aux, selector))
        {
            return false;
        }

        Operand.Write<T>(s, op->Dst, offset);
        return true;
    }
}
