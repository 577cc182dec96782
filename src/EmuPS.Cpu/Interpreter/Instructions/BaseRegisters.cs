using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>SWAPGS, RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE.</summary>
internal static unsafe class BaseRegisters
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Swapgs, &BindSwap);
        table.Add(Mnemonic.Rdfsbase, &BindBase);
        table.Add(Mnemonic.Rdgsbase, &BindBase);
        table.Add(Mnemonic.Wrfsbase, &BindBase);
        table.Add(Mnemonic.Wrgsbase, &BindBase);
    }

    private static bool BindSwap(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Swap;
        return (mode & CpuMode.Long64) != 0;
    }

    private static bool BindBase(in Instruction i, Op* op, uint mode)
    {
        bool wide = i.GetOpRegister(0).GetSize() == 8;
        op->Aux = i.Mnemonic is Mnemonic.Rdfsbase or Mnemonic.Wrfsbase ? (ushort)SegmentIndex.Fs : (ushort)SegmentIndex.Gs;
        if (i.Mnemonic is Mnemonic.Rdfsbase or Mnemonic.Rdgsbase)
        {
            op->Fn = wide ? &Read<ulong> : &Read<uint>;
        }
        else
        {
            op->Fn = wide ? &Write<ulong> : &Write<uint>;
        }

        return (mode & CpuMode.Long64) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Swap(CpuState* s, Op* op)
    {
        if (s->Cpl != 0)
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        Segment* gs = CpuState.Seg(s, SegmentIndex.Gs);
        ulong old = gs->Base;
        gs->Base = s->KernelGsBase;
        s->KernelGsBase = old;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Read<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if ((s->Cr4 & Privilege.Cr4FsGsBase) == 0)
        {
            return Fault.Raise(s, op, Vector.InvalidOpcode);
        }

        Operand.Write<T>(s, op->Dst, CpuState.Seg(s, op->Aux)->Base);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Write<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if ((s->Cr4 & Privilege.Cr4FsGsBase) == 0)
        {
            return Fault.Raise(s, op, Vector.InvalidOpcode);
        }

        ulong value = Operand.Read<T>(s, op->Dst);
        if (!SegmentLoading.IsCanonical(value))
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        CpuState.Seg(s, op->Aux)->Base = value;
        return (op + 1)->Fn(s, op + 1);
    }
}
