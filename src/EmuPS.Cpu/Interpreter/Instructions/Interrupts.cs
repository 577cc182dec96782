using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>INT n, INT1, INT3, INTO, CLI, STI, HLT, PUSHF and POPF.</summary>
internal static unsafe class Interrupts
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Int, &BindSoftware);
        table.Add(Mnemonic.Int1, &BindSoftware);
        table.Add(Mnemonic.Int3, &BindSoftware);
        table.Add(Mnemonic.Into, &BindSoftware);
        table.Add(Mnemonic.Cli, &BindPlain);
        table.Add(Mnemonic.Sti, &BindPlain);
        table.Add(Mnemonic.Hlt, &BindPlain);
        table.Add(Mnemonic.Pushf, &BindImage);
        table.Add(Mnemonic.Pushfd, &BindImage);
        table.Add(Mnemonic.Pushfq, &BindImage);
        table.Add(Mnemonic.Popf, &BindImage);
        table.Add(Mnemonic.Popfd, &BindImage);
        table.Add(Mnemonic.Popfq, &BindImage);
    }

    private static bool BindSoftware(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Aux = i.Mnemonic switch
        {
            Mnemonic.Int => (byte)op->Imm,
            Mnemonic.Int1 => Vector.Debug,
            Mnemonic.Int3 => Vector.Breakpoint,
            _ => Vector.Overflow,
        };
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Int => &SystemHandler.Away<SoftwareInterrupt>,
            Mnemonic.Int1 => &SystemHandler.Away<DebugInterrupt>,
            Mnemonic.Int3 => &SystemHandler.Away<UncheckedInterrupt>,
            _ => &SystemHandler.Away<OverflowInterrupt>,
        };
        return true;
    }

    private static bool BindPlain(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Cli => &Cli,
            Mnemonic.Sti => &SystemHandler.Last<Enable>,
            _ => &SystemHandler.Last<Halt>,
        };
        return true;
    }

    private static bool BindImage(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Aux = i.Mnemonic switch
        {
            Mnemonic.Pushf or Mnemonic.Popf => 2,
            Mnemonic.Pushfd or Mnemonic.Popfd => 4,
            _ => 8,
        };
        bool push = i.Mnemonic is Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq;
        op->Fn = push ? &SystemHandler.Next<PushImage> : &SystemHandler.Last<PopImage>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Cli(CpuState* s, Op* op)
    {
        if (!Privilege.MayControlInterrupts(s))
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        s->SystemFlags &= ~Flags.If;
        return (op + 1)->Fn(s, op + 1);
    }

    private readonly struct SoftwareInterrupt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            s->Rip = op->Rip;

            // Virtual-8086 mode reaches its INT n only with IOPL 3; INT3 and INTO are free.
            if ((s->Mode & CpuMode.Virtual8086) != 0 && FlagImages.Iopl(s) != 3)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            return InterruptDelivery.Software(s, op->Aux, op->NextRip);
        }
    }

    private readonly struct UncheckedInterrupt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            s->Rip = op->Rip;
            return InterruptDelivery.Software(s, op->Aux, op->NextRip);
        }
    }

    private readonly struct DebugInterrupt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            s->Rip = op->Rip;
            return InterruptDelivery.Software(s, op->Aux, op->NextRip, privileged: true);
        }
    }

    private readonly struct OverflowInterrupt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Flags.GetOf(s))
            {
                s->Rip = op->NextRip;
                return true;
            }

            s->Rip = op->Rip;
            return InterruptDelivery.Software(s, op->Aux, op->NextRip);
        }
    }

    private readonly struct Enable : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.MayControlInterrupts(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            if ((s->SystemFlags & Flags.If) == 0)
            {
                s->SystemFlags |= Flags.If;
                s->InterruptShadow = 1;
                InterruptDelivery.InterruptsEnabled(s);
            }

            return true;
        }
    }

    private readonly struct Halt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            Interlocked.Or(ref s->Exit, (int)ExitRequest.Halt);
            return true;
        }
    }

    private readonly struct PushImage : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Mode & CpuMode.Virtual8086) != 0 && FlagImages.Iopl(s) != 3)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            StackCursor stack = StackCursor.Current(s);
            if (!stack.Push(s, op->Aux, Flags.Get(s) & ~(Flags.Vm | Flags.Rf)))
            {
                return false;
            }

            stack.Commit(s);
            return true;
        }
    }

    private readonly struct PopImage : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Mode & CpuMode.Virtual8086) != 0 && FlagImages.Iopl(s) != 3)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            StackCursor stack = StackCursor.Current(s);
            if (!stack.Pop(s, op->Aux, out ulong image))
            {
                return false;
            }

            stack.Commit(s);
            ulong writable = FlagImages.Writable(s, op->Aux);
            FlagImages.Load(s, image & ~Flags.Rf, op->Aux > 2 ? writable | Flags.Rf : writable);
            return true;
        }
    }
}
