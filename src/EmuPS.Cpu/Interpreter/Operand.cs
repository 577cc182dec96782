using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter;

/// <summary>Integer operands of 1, 2, 4 or 8 bytes as 64-bit values, and the ways to reach them. The type parameter carries the size, so every test on it vanishes in the compiled handler.</summary>
internal static unsafe class Operand
{
    /// <summary>Where a second operand comes from.</summary>
    public interface ISource
    {
        /// <summary>The value; bits above the operand size may be anything.</summary>
        /// <typeparam name="T">The operand size.</typeparam>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        static abstract ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged;
    }

    /// <summary>How a memory operand's address is computed.</summary>
    public interface IAddress
    {
        /// <summary>The linear address.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        static abstract ulong Of(CpuState* s, Op* op);
    }

    /// <summary>Reads a register of the state, zero-extended.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read<T>(CpuState* s, int offset)
        where T : unmanaged
        => Get<T>((byte*)s + offset);

    /// <summary>Writes a register of the state: 32 bits clear the upper half, 8 and 16 bits keep the rest.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset.</param>
    /// <param name="value">The value, any upper bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(CpuState* s, int offset, ulong value)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            *(ulong*)((byte*)s + offset) = (uint)value;
        }
        else
        {
            Set<T>((byte*)s + offset, value);
        }
    }

    /// <summary>Reads an operand, zero-extended.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="pointer">Host address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Get<T>(void* pointer)
        where T : unmanaged
        => sizeof(T) switch
        {
            1 => *(byte*)pointer,
            2 => *(ushort*)pointer,
            4 => *(uint*)pointer,
            _ => *(ulong*)pointer,
        };

    /// <summary>Writes exactly the operand's bytes.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="pointer">Host address.</param>
    /// <param name="value">The value, any upper bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set<T>(void* pointer, ulong value)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
        {
            *(byte*)pointer = (byte)value;
        }
        else if (sizeof(T) == 2)
        {
            *(ushort*)pointer = (ushort)value;
        }
        else if (sizeof(T) == 4)
        {
            *(uint*)pointer = (uint)value;
        }
        else
        {
            *(ulong*)pointer = value;
        }
    }

    /// <summary>Cuts a value to the operand's type.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="value">The value, any upper bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow<T>(ulong value)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
        {
            return Unsafe.BitCast<byte, T>((byte)value);
        }

        if (sizeof(T) == 2)
        {
            return Unsafe.BitCast<ushort, T>((ushort)value);
        }

        return sizeof(T) == 4 ? Unsafe.BitCast<uint, T>((uint)value) : Unsafe.BitCast<ulong, T>(value);
    }

    /// <summary>The linear address of an offset in the op's segment: cut to the address size, plus the segment's base.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">The offset, any upper bits.</param>
    public static ulong Linear(CpuState* s, Op* op, int segment, ulong offset)
    {
        if ((op->Flags & OpFlags.Address32) != 0)
        {
            offset = (uint)offset;
        }
        else if ((op->Flags & OpFlags.Address16) != 0)
        {
            offset = (ushort)offset;
        }

        if ((s->Mode & CpuMode.Long64) == 0)
        {
            return (uint)(offset + CpuState.Seg(s, segment)->Base);
        }

        return segment >= SegmentIndex.Fs ? offset + CpuState.Seg(s, segment)->Base : offset;
    }

    /// <summary>Size in bytes of an explicit operand.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="operand">Operand number.</param>
    public static int Size(in Instruction i, int operand)
        => i.GetOpKind(operand) == OpKind.Register ? i.GetOpRegister(operand).GetSize() : i.MemorySize.GetSize();

    /// <summary>Whether an operand is an immediate.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="operand">Operand number.</param>
    public static bool IsImmediate(in Instruction i, int operand)
        => i.GetOpKind(operand) is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;

    /// <summary>Whether the op's memory operand has a flat address.</summary>
    /// <param name="op">The op.</param>
    public static bool IsFlat(Op* op) => (op->Flags & OpFlags.FlatAddress) != 0;

    /// <summary>Operand 1, a register.</summary>
    public readonly struct Source : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => Read<T>(s, op->Src);
    }

    /// <summary>Operand 0, a register.</summary>
    public readonly struct Destination : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => Read<T>(s, op->Dst);
    }

    /// <summary>Operand 2, a register.</summary>
    public readonly struct Third : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => Read<T>(s, op->Src2);
    }

    /// <summary>The immediate.</summary>
    public readonly struct Immediate : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => op->Imm;
    }

    /// <summary>Operand 1 is a segment register: its selector.</summary>
    public readonly struct SelectorSource : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => CpuState.Seg(s, op->Src)->Selector;
    }

    /// <summary>Operand 0 is a segment register: its selector.</summary>
    public readonly struct SelectorDestination : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Get<T>(CpuState* s, Op* op)
            where T : unmanaged
            => CpuState.Seg(s, op->Dst)->Selector;
    }

    /// <summary>The address of an op with <see cref="OpFlags.FlatAddress"/>.</summary>
    public readonly struct Flat : IAddress
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Of(CpuState* s, Op* op) => Address.Flat(s, op);
    }

    /// <summary>Any address.</summary>
    public readonly struct Any : IAddress
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Of(CpuState* s, Op* op) => Address.Any(s, op);
    }
}
