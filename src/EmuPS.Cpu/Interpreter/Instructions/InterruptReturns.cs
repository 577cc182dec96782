using System.Runtime.CompilerServices;
using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>IRET, IRETD and IRETQ in every mode (SDM vol. 2, IRET). A return from a nested task (NT) is not modelled: it is counted and refused with #GP.</summary>
internal static unsafe class InterruptReturns
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Iret, &Bind);
        table.Add(Mnemonic.Iretd, &Bind);
        table.Add(Mnemonic.Iretq, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Aux = i.Mnemonic switch
        {
            Mnemonic.Iret => 2,
            Mnemonic.Iretd => 4,
            _ => 8,
        };
        op->Fn = &Return;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Return(CpuState* s, Op* op)
    {
        if (!Run(s, op->Aux))
        {
            return Fault.Raise(s, op);
        }

        VirtualProcessor.Of(s).NmiHandlerReturned();
        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Run(CpuState* s, int size)
    {
        bool v86 = (s->Mode & CpuMode.Virtual8086) != 0;
        if (v86 && FlagImages.Iopl(s) != 3)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if ((s->SystemFlags & Flags.Nt) != 0 && !SegmentLoading.IsRealAddressing(s))
        {
            if (!SegmentLoading.IsLongActive(s))
            {
                VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownInstruction, (ulong)Code.Iretd);
            }

            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        StackCursor stack = StackCursor.Current(s);
        if (!stack.Pop(s, size, out ulong rip) || !stack.Pop(s, size, out ulong cs) || !stack.Pop(s, size, out ulong image))
        {
            return false;
        }

        if (SegmentLoading.IsRealAddressing(s))
        {
            return ToParagraph(s, stack, rip, (ushort)cs, image, size);
        }

        if (size == 4 && s->Cpl == 0 && (image & Flags.Vm) != 0 && !SegmentLoading.IsLongActive(s))
        {
            return ToVirtual8086(s, stack, rip, (ushort)cs, image);
        }

        // Privilege to change flags is that of the code that returns, not of the code returned to.
        ulong writable = FlagImages.Writable(s, size);
        if (size > 2)
        {
            writable |= Flags.Rf | (s->Cpl == 0 ? Flags.Vif | Flags.Vip : 0);
        }

        if (!FarReturns.TryReturn(s, stack, (ushort)cs, rip, size, 0, (s->Mode & CpuMode.Long64) != 0))
        {
            return false;
        }

        FlagImages.Load(s, image, writable);
        return true;
    }

    private static bool ToParagraph(CpuState* s, StackCursor stack, ulong rip, ushort cs, ulong image, int size)
    {
        if (rip > CpuState.Seg(s, SegmentIndex.Cs)->Limit)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        ulong writable = FlagImages.Writable(s, size) | (size > 2 ? Flags.Rf : 0);
        SegmentLoading.SetParagraph(s, SegmentIndex.Cs, cs);
        stack.Commit(s);
        s->Rip = rip;
        ModeBits.Refresh(s);
        FlagImages.Load(s, image, writable);
        return true;
    }

    private static bool ToVirtual8086(CpuState* s, StackCursor stack, ulong rip, ushort cs, ulong image)
    {
        if (!stack.Pop(s, 4, out ulong esp) || !stack.Pop(s, 4, out ulong ss)
            || !stack.Pop(s, 4, out ulong es) || !stack.Pop(s, 4, out ulong ds)
            || !stack.Pop(s, 4, out ulong fs) || !stack.Pop(s, 4, out ulong gs))
        {
            return false;
        }

        s->Cpl = 3;
        FlagImages.Load(s, image, ~0UL);
        SegmentLoading.SetParagraph(s, SegmentIndex.Cs, cs);
        SegmentLoading.SetParagraph(s, SegmentIndex.Ss, (ushort)ss);
        SegmentLoading.SetParagraph(s, SegmentIndex.Es, (ushort)es);
        SegmentLoading.SetParagraph(s, SegmentIndex.Ds, (ushort)ds);
        SegmentLoading.SetParagraph(s, SegmentIndex.Fs, (ushort)fs);
        SegmentLoading.SetParagraph(s, SegmentIndex.Gs, (ushort)gs);
        s->Gpr[GuestStack.Rsp] = (uint)esp;
        s->Rip = (ushort)rip;
        ModeBits.Refresh(s);
        return true;
    }
}
