using System.Runtime.CompilerServices;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The handlers of x87 instructions, and their memory operands.</summary>
internal static unsafe class X87Shapes
{
    /// <summary>What an instruction does.</summary>
    public interface IAction
    {
        /// <summary>Runs; must not be inlined, because handlers may have no local whose address is taken.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        /// <returns>False when a fault was recorded; nothing was changed then.</returns>
        static abstract bool Run(CpuState* s, Op* op);
    }

    /// <summary>A number in memory.</summary>
    public interface ISource
    {
        /// <summary>Reads it.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        /// <param name="value">The number.</param>
        /// <returns>False when a fault was recorded.</returns>
        static abstract bool TryRead(CpuState* s, Op* op, out FloatValue value);
    }

    /// <summary>Binds a waiting instruction: it reports pending exceptions, and its address is remembered.</summary>
    /// <typeparam name="TAction">The instruction.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op; its immediate becomes the opcode for FOP.</param>
    /// <returns>True.</returns>
    public static bool Waiting<TAction>(in Instruction i, Op* op)
        where TAction : struct, IAction
    {
        op->Imm = Opcode(i, op);
        op->Fn = op->MemoryOperand == 0xFF ? &RunWaiting<TAction> : &RunWaitingMemory<TAction>;
        return true;
    }

    /// <summary>Binds a control instruction, whose address is not remembered.</summary>
    /// <typeparam name="TAction">The instruction.</typeparam>
    /// <param name="op">The op.</param>
    /// <param name="waits">Whether it reports pending exceptions first.</param>
    /// <returns>True.</returns>
    public static bool Control<TAction>(Op* op, bool waits)
        where TAction : struct, IAction
    {
        op->Fn = waits ? &RunWaitingControl<TAction> : &RunControl<TAction>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RunWaiting<TAction>(CpuState* s, Op* op)
        where TAction : struct, IAction
    {
        if (!VectorState.X87Ready(s) || !TAction.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        s->Fip = op->Rip;
        s->Fop = (ushort)op->Imm;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RunWaitingMemory<TAction>(CpuState* s, Op* op)
        where TAction : struct, IAction
    {
        if (!VectorState.X87Ready(s) || !TAction.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        s->Fip = op->Rip;
        s->Fop = (ushort)op->Imm;
        s->Fdp = Address.Offset(s, op);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RunWaitingControl<TAction>(CpuState* s, Op* op)
        where TAction : struct, IAction
    {
        if (!VectorState.X87Ready(s) || !TAction.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RunControl<TAction>(CpuState* s, Op* op)
        where TAction : struct, IAction
    {
        if (!VectorState.X87Available(s) || !TAction.Run(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>The 11 bits that FOP keeps of an opcode: the lower bits of the first byte, then the second byte.</summary>
    private static ulong Opcode(in Instruction i, Op* op)
    {
        OpCodeInfo info = i.OpCode;
        if (op->MemoryOperand == 0xFF)
        {
            // The last register names itself in the lower bits.
            int register = i.OpCount == 0 || info.OpCode < 0x100 || !IsStackRegister(i) ? 0 : i.GetOpRegister(i.OpCount - 1) == Register.ST0 ? i.GetOpRegister(0) - Register.ST0 : i.GetOpRegister(i.OpCount - 1) - Register.ST0;
            return (info.OpCode + (uint)register) & 0x7FF;
        }

        uint mod = i.MemoryBase == Register.None || i.IsIPRelativeMemoryOperand ? 0 : i.MemoryDisplSize switch
        {
            0 => 0,
            1 => 0x40,
            _ => 0x80U,
        };
        return ((info.OpCode & 7) << 8) | mod | ((uint)info.GroupIndex << 3) | ModRmMemory(i);
    }

    private static bool IsStackRegister(in Instruction i)
        => i.GetOpKind(0) == OpKind.Register && i.GetOpRegister(0) is >= Register.ST0 and <= Register.ST7;

    /// <summary>The r/m field of a memory operand.</summary>
    private static uint ModRmMemory(in Instruction i)
    {
        switch (i.MemoryBase)
        {
            case Register.BX:
                return i.MemoryIndex == Register.SI ? 0U : i.MemoryIndex == Register.DI ? 1U : 7;
            case Register.BP:
                return i.MemoryIndex == Register.SI ? 2U : i.MemoryIndex == Register.DI ? 3U : 6;
            case Register.SI:
                return 4;
            case Register.DI:
                return 5;
            case Register.None when i.MemoryIndex == Register.None && i.MemoryDisplSize == 2:
                return 6;
            case Register.RIP or Register.EIP:
                return 5;
        }

        if (i.MemoryIndex != Register.None || i.MemoryBase == Register.None)
        {
            return i.MemoryIndex != Register.None || i.CodeSize == CodeSize.Code64 ? 4U : 5;
        }

        return (uint)i.MemoryBase.GetNumber() & 7;
    }

    private static T* Load<T>(CpuState* s, Op* op)
        where T : unmanaged
        => Memory.Load<T>(s, Address.Any(s, op));

    /// <summary>A 32-bit number.</summary>
    public readonly struct Single : ISource
    {
        public static bool TryRead(CpuState* s, Op* op, out FloatValue value)
        {
            uint* p = Load<uint>(s, op);
            value = p == null ? default : FloatEncoding.UnpackSingle(*p);
            return p != null;
        }
    }

    /// <summary>A 64-bit number.</summary>
    public readonly struct Double : ISource
    {
        public static bool TryRead(CpuState* s, Op* op, out FloatValue value)
        {
            ulong* p = Load<ulong>(s, op);
            value = p == null ? default : FloatEncoding.UnpackDouble(*p);
            return p != null;
        }
    }

    /// <summary>A 16-bit integer.</summary>
    public readonly struct Int16 : ISource
    {
        public static bool TryRead(CpuState* s, Op* op, out FloatValue value)
        {
            short* p = Load<short>(s, op);
            value = p == null ? default : FloatInteger.FromInteger(*p);
            return p != null;
        }
    }

    /// <summary>A 32-bit integer.</summary>
    public readonly struct Int32 : ISource
    {
        public static bool TryRead(CpuState* s, Op* op, out FloatValue value)
        {
            int* p = Load<int>(s, op);
            value = p == null ? default : FloatInteger.FromInteger(*p);
            return p != null;
        }
    }

    /// <summary>A 64-bit integer.</summary>
    public readonly struct Int64 : ISource
    {
        public static bool TryRead(CpuState* s, Op* op, out FloatValue value)
        {
            long* p = Load<long>(s, op);
            value = p == null ? default : FloatInteger.FromInteger(*p);
            return p != null;
        }
    }
}
