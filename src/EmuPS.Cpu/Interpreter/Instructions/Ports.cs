using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>IN, OUT, INS and OUTS with their repeat prefix. Instructions that write a port end their block: the device may have asked for the processor.</summary>
internal static unsafe class Ports
{
    private const int Rcx = 1;
    private const int Rdx = 2;
    private const int Rsi = 6;
    private const int Rdi = 7;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.In, &BindIn);
        table.Add(Mnemonic.Out, &BindOut);
        table.Add(Mnemonic.Insb, &BindString);
        table.Add(Mnemonic.Insw, &BindString);
        table.Add(Mnemonic.Insd, &BindString);
        table.Add(Mnemonic.Outsb, &BindString);
        table.Add(Mnemonic.Outsw, &BindString);
        table.Add(Mnemonic.Outsd, &BindString);
    }

    private static bool BindIn(in Instruction i, Op* op, uint mode)
    {
        bool immediate = i.GetOpKind(1) == OpKind.Immediate8;
        op->Fn = (i.GetOpRegister(0).GetSize(), immediate) switch
        {
            (1, true) => &SystemHandler.Next<In<byte, Fixed>>,
            (1, false) => &SystemHandler.Next<In<byte, InDx>>,
            (2, true) => &SystemHandler.Next<In<ushort, Fixed>>,
            (2, false) => &SystemHandler.Next<In<ushort, InDx>>,
            (_, true) => &SystemHandler.Next<In<uint, Fixed>>,
            _ => &SystemHandler.Next<In<uint, InDx>>,
        };
        return true;
    }

    private static bool BindOut(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        bool immediate = i.GetOpKind(0) == OpKind.Immediate8;
        op->Fn = (i.GetOpRegister(1).GetSize(), immediate) switch
        {
            (1, true) => &SystemHandler.Last<Out<byte, Fixed>>,
            (1, false) => &SystemHandler.Last<Out<byte, InDx>>,
            (2, true) => &SystemHandler.Last<Out<ushort, Fixed>>,
            (2, false) => &SystemHandler.Last<Out<ushort, InDx>>,
            (_, true) => &SystemHandler.Last<Out<uint, Fixed>>,
            _ => &SystemHandler.Last<Out<uint, InDx>>,
        };
        return true;
    }

    private static bool BindString(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Insb => &SystemHandler.Next<Ins<byte>>,
            Mnemonic.Insw => &SystemHandler.Next<Ins<ushort>>,
            Mnemonic.Insd => &SystemHandler.Next<Ins<uint>>,
            Mnemonic.Outsb => &SystemHandler.Last<Outs<byte>>,
            Mnemonic.Outsw => &SystemHandler.Last<Outs<ushort>>,
            _ => &SystemHandler.Last<Outs<uint>>,
        };
        return true;
    }

    private static bool IsRepeated(Op* op) => (op->Flags & (OpFlags.Rep | OpFlags.Repne)) != 0;

    private static ulong AddressMask(Op* op)
        => (op->Flags & OpFlags.Address32) != 0 ? uint.MaxValue : (op->Flags & OpFlags.Address16) != 0 ? ushort.MaxValue : ulong.MaxValue;

    private static void Advance(CpuState* s, Op* op, int register, ulong bytes)
    {
        ulong mask = AddressMask(op);
        ulong value = (s->Gpr[register] + bytes) & mask;
        s->Gpr[register] = mask == ushort.MaxValue ? (s->Gpr[register] & ~mask) | value : value;
    }

    /// <summary>After one element: whether the repetition is over. Otherwise the caller goes on, unless somebody wants the processor.</summary>
    private static bool IsLastElement(CpuState* s, Op* op)
    {
        if (!IsRepeated(op))
        {
            return true;
        }

        Advance(s, op, Rcx, ulong.MaxValue);
        return (s->Gpr[Rcx] & AddressMask(op)) == 0;
    }

    private static ulong Step<T>(CpuState* s)
        where T : unmanaged
        => (s->SystemFlags & Flags.Df) != 0 ? 0 - (ulong)sizeof(T) : (ulong)sizeof(T);

    private interface IPort
    {
        static abstract ushort Of(CpuState* s, Op* op);
    }

    private readonly struct Fixed : IPort
    {
        public static ushort Of(CpuState* s, Op* op) => (byte)op->Imm;
    }

    private readonly struct InDx : IPort
    {
        public static ushort Of(CpuState* s, Op* op) => (ushort)s->Gpr[Rdx];
    }

    private readonly struct In<T, TPort> : SystemHandler.IOperation
        where T : unmanaged
        where TPort : struct, IPort
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            ushort port = TPort.Of(s, op);
            if (!TaskState.MayAccessPort(s, port, sizeof(T)))
            {
                return false;
            }

            Operand.Write<T>(s, CpuState.GprOffset, VirtualProcessor.Of(s).Ports.Read(port, sizeof(T)));
            return true;
        }
    }

    private readonly struct Out<T, TPort> : SystemHandler.IOperation
        where T : unmanaged
        where TPort : struct, IPort
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            ushort port = TPort.Of(s, op);
            if (!TaskState.MayAccessPort(s, port, sizeof(T)))
            {
                return false;
            }

            VirtualProcessor.Of(s).Ports.Write(port, sizeof(T), (uint)Operand.Read<T>(s, CpuState.GprOffset));
            return true;
        }
    }

    private readonly struct Ins<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            // The permission counts even when nothing is to be repeated.
            ushort port = (ushort)s->Gpr[Rdx];
            if (!TaskState.MayAccessPort(s, port, sizeof(T)))
            {
                return false;
            }

            if (IsRepeated(op) && (s->Gpr[Rcx] & AddressMask(op)) == 0)
            {
                return true;
            }

            VirtualProcessor processor = VirtualProcessor.Of(s);
            while (true)
            {
                // A read of a port may take something out of a device, so the store must be sure to succeed before it.
                ulong address = Operand.Linear(s, op, SegmentIndex.Es, s->Gpr[Rdi]);
                if (!Memory.ProbeWrite(s, address, sizeof(T))
                    || !Memory.Store(s, address, Operand.Narrow<T>(processor.Ports.Read(port, sizeof(T)))))
                {
                    return false;
                }

                Advance(s, op, Rdi, Step<T>(s));
                if (IsLastElement(s, op))
                {
                    return true;
                }

                if (s->Exit != 0)
                {
                    return false;
                }
            }
        }
    }

    private readonly struct Outs<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            // The permission counts even when nothing is to be repeated.
            ushort port = (ushort)s->Gpr[Rdx];
            if (!TaskState.MayAccessPort(s, port, sizeof(T)))
            {
                return false;
            }

            if (IsRepeated(op) && (s->Gpr[Rcx] & AddressMask(op)) == 0)
            {
                return true;
            }

            VirtualProcessor processor = VirtualProcessor.Of(s);
            while (true)
            {
                T* p = Memory.Load<T>(s, Operand.Linear(s, op, op->Seg, s->Gpr[Rsi]));
                if (p == null)
                {
                    return false;
                }

                processor.Ports.Write(port, sizeof(T), (uint)Operand.Get<T>(p));
                Advance(s, op, Rsi, Step<T>(s));
                if (IsLastElement(s, op))
                {
                    return true;
                }

                if (s->Exit != 0)
                {
                    return false;
                }
            }
        }
    }
}
