using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The three widths of the stack pointer: 64-bit mode, and SS.B set or clear elsewhere.</summary>
internal static unsafe class GuestStack
{
    /// <summary>One width.</summary>
    public interface IWidth
    {
        /// <summary>A stack pointer moved by some bytes, cut to the width.</summary>
        /// <param name="pointer">The stack pointer.</param>
        /// <param name="bytes">The distance.</param>
        static abstract ulong Move(ulong pointer, long bytes);

        /// <summary>The linear address of a stack pointer.</summary>
        /// <param name="s">The state.</param>
        /// <param name="pointer">The stack pointer, already cut.</param>
        static abstract ulong Linear(CpuState* s, ulong pointer);

        /// <summary>Writes a register (RSP or RBP) in this width.</summary>
        /// <param name="s">The state.</param>
        /// <param name="register">Number of the register.</param>
        /// <param name="pointer">The value, already cut.</param>
        static abstract void Set(CpuState* s, int register, ulong pointer);
    }

    /// <summary>Number of RSP.</summary>
    public const int Rsp = 4;

    /// <summary>Number of RBP.</summary>
    public const int Rbp = 5;

    /// <summary>64-bit mode.</summary>
    public readonly struct Width64 : IWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Move(ulong pointer, long bytes) => pointer + (ulong)bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Linear(CpuState* s, ulong pointer) => pointer;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Set(CpuState* s, int register, ulong pointer) => s->Gpr[register] = pointer;
    }

    /// <summary>A 32-bit stack.</summary>
    public readonly struct Width32 : IWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Move(ulong pointer, long bytes) => (uint)(pointer + (ulong)bytes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Linear(CpuState* s, ulong pointer) => (uint)(pointer + CpuState.Seg(s, SegmentIndex.Ss)->Base);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Set(CpuState* s, int register, ulong pointer) => s->Gpr[register] = pointer;
    }

    /// <summary>A 16-bit stack: the upper bits of the register stay.</summary>
    public readonly struct Width16 : IWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Move(ulong pointer, long bytes) => (ushort)(pointer + (ulong)bytes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Linear(CpuState* s, ulong pointer) => (uint)(pointer + CpuState.Seg(s, SegmentIndex.Ss)->Base);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Set(CpuState* s, int register, ulong pointer) => *(ushort*)(s->Gpr + register) = (ushort)pointer;
    }
}
