using System.Runtime.CompilerServices;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MOV to and from DR0 to DR7 (SDM vol. 3, 19.2). The forms of MOV come through <see cref="SegmentMoves"/>.</summary>
internal static unsafe class DebugRegisters
{
    private const ulong Cr4De = 1 << 3;
    private const ulong Dr7GeneralDetect = 1 << 13;
    private const ulong Dr6AccessDetected = 1 << 13;
    private const ulong Dr6Ones = 0xFFFF_0FF0;
    private const ulong Dr6Writable = 0xE00F;
    private const ulong Dr7Ones = 0x400;
    private const ulong Dr7Writable = 0xFFFF_23FF;

    /// <summary>Chooses the handler of a MOV to or from a debug register.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    public static bool BindMov(in Instruction i, Op* op)
    {
        if (i.GetOpKind(0) != OpKind.Register || i.GetOpKind(1) != OpKind.Register)
        {
            return false;
        }

        if (i.GetOpRegister(1).IsDR())
        {
            op->Fn = i.GetOpRegister(0).GetSize() == 8 ? &SystemHandler.Next<Read<ulong>> : &SystemHandler.Next<Read<uint>>;
            return op->Src < 8;
        }

        op->Fn = i.GetOpRegister(1).GetSize() == 8 ? &SystemHandler.Last<Write<ulong>> : &SystemHandler.Last<Write<uint>>;
        return i.GetOpRegister(0).IsDR() && op->Dst < 8;
    }

    /// <summary>Checks that an access is allowed and finds the register: DR4 and DR5 are DR6 and DR7 unless CR4.DE forbids it. -1 after a fault.</summary>
    private static int Select(CpuState* s, int register)
    {
        if (!Privilege.IsSupervisor(s))
        {
            Fault.Record(s, Vector.GeneralProtection);
            return -1;
        }

        if (register is 4 or 5)
        {
            if ((s->Cr4 & Cr4De) != 0)
            {
                Fault.Record(s, Vector.InvalidOpcode);
                return -1;
            }

            register += 2;
        }

        if ((s->Dr[7] & Dr7GeneralDetect) != 0)
        {
            s->DebugStatus |= Dr6AccessDetected;
            Fault.Record(s, Vector.Debug);
            return -1;
        }

        return register;
    }

    private readonly struct Read<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            int register = Select(s, op->Src);
            if (register < 0)
            {
                return false;
            }

            ulong value = register switch
            {
                6 => s->Dr[6] | Dr6Ones,
                7 => s->Dr[7] | Dr7Ones,
                _ => s->Dr[register],
            };
            Operand.Write<T>(s, op->Dst, value);
            return true;
        }
    }

    private readonly struct Write<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            int register = Select(s, op->Dst);
            if (register < 0)
            {
                return false;
            }

            ulong value = Operand.Read<T>(s, op->Src);
            if (register < 4)
            {
                s->Dr[register] = value;
                return true;
            }

            if (value > uint.MaxValue)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            if (register == 6)
            {
                s->Dr[6] = (value & Dr6Writable) | Dr6Ones;
            }
            else
            {
                s->Dr[7] = (value & Dr7Writable) | Dr7Ones;
                ModeBits.Refresh(s);
            }

            return true;
        }
    }
}
