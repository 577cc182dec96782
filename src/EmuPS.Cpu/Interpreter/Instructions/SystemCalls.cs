using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>SYSCALL, SYSRET, SYSENTER and SYSEXIT (SDM vol. 3, 6.8.7 and 6.8.8), as Intel's processors do them.</summary>
internal static unsafe class SystemCalls
{
    private const ulong EferSce = 1;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Syscall, &Bind);
        table.Add(Mnemonic.Sysret, &Bind);
        table.Add(Mnemonic.Sysretq, &Bind);
        table.Add(Mnemonic.Sysenter, &Bind);
        table.Add(Mnemonic.Sysexit, &Bind);
        table.Add(Mnemonic.Sysexitq, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Aux = i.Mnemonic is Mnemonic.Sysretq or Mnemonic.Sysexitq ? (ushort)8 : (ushort)4;
        switch (i.Mnemonic)
        {
            case Mnemonic.Syscall:
                op->Fn = &SystemHandler.Away<Syscall>;
                return (mode & CpuMode.Long64) != 0;
            case Mnemonic.Sysret or Mnemonic.Sysretq:
                op->Fn = &SystemHandler.Away<Sysret>;
                return (mode & CpuMode.Long64) != 0;
            case Mnemonic.Sysenter:
                op->Fn = &SystemHandler.Away<Sysenter>;
                return true;
            default:
                op->Fn = &SystemHandler.Away<Sysexit>;
                return true;
        }
    }

    private readonly struct Syscall : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Efer & EferSce) == 0)
            {
                return SegmentLoading.Refuse(s, Vector.InvalidOpcode);
            }

            ulong flags = Flags.Get(s) & ~Flags.Rf;
            s->Gpr[1] = op->NextRip;
            s->Gpr[11] = flags;
            s->Rip = s->Lstar;
            Flags.Set(s, flags & ~s->Fmask);
            int selector = (ushort)(s->Star >> 32);
            CodeSegments.LoadFlat(s, selector, 0, isLong: true);
            CodeSegments.LoadFlatStack(s, selector + 8, 0);
            ModeBits.Refresh(s);
            return true;
        }
    }

    private readonly struct Sysret : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Efer & EferSce) == 0)
            {
                return SegmentLoading.Refuse(s, Vector.InvalidOpcode);
            }

            bool wide = op->Aux == 8;
            ulong target = wide ? s->Gpr[1] : (uint)s->Gpr[1];
            if (!Privilege.IsSupervisor(s) || !SegmentLoading.IsCanonical(target))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            bool wasEnabled = (s->SystemFlags & Flags.If) != 0;
            s->Rip = target;
            Flags.Set(s, s->Gpr[11] & 0x3C_7FD7);
            int selector = (ushort)(s->Star >> 48);
            CodeSegments.LoadFlat(s, wide ? selector + 16 : selector, 3, isLong: wide);
            CodeSegments.LoadFlatStack(s, selector + 8, 3);
            ModeBits.Refresh(s);
            if (!wasEnabled && (s->SystemFlags & Flags.If) != 0)
            {
                InterruptDelivery.InterruptsEnabled(s);
            }

            return true;
        }
    }

    private readonly struct Sysenter : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            int selector = (ushort)s->SysenterCs & 0xFFFC;
            if ((s->Cr0 & ModeBits.Cr0Pe) == 0 || selector == 0)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            bool isLong = SegmentLoading.IsLongActive(s);
            s->SystemFlags &= ~(Flags.Vm | Flags.If | Flags.Rf);
            s->Gpr[GuestStack.Rsp] = isLong ? s->SysenterEsp : (uint)s->SysenterEsp;
            s->Rip = isLong ? s->SysenterEip : (uint)s->SysenterEip;
            CodeSegments.LoadFlat(s, selector, 0, isLong);
            CodeSegments.LoadFlatStack(s, selector + 8, 0);
            ModeBits.Refresh(s);
            return true;
        }
    }

    private readonly struct Sysexit : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            int selector = (ushort)s->SysenterCs & 0xFFFC;
            bool wide = op->Aux == 8;
            ulong target = wide ? s->Gpr[2] : (uint)s->Gpr[2];
            ulong stack = wide ? s->Gpr[1] : (uint)s->Gpr[1];
            if ((s->Cr0 & ModeBits.Cr0Pe) == 0 || selector == 0 || !Privilege.IsSupervisor(s)
                || !SegmentLoading.IsCanonical(target) || !SegmentLoading.IsCanonical(stack))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            s->Gpr[GuestStack.Rsp] = stack;
            s->Rip = target;
            selector += wide ? 32 : 16;
            CodeSegments.LoadFlat(s, selector, 3, isLong: wide);
            CodeSegments.LoadFlatStack(s, selector + 8, 3);
            ModeBits.Refresh(s);
            return true;
        }
    }
}
