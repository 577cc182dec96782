using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MOVS, STOS, LODS, CMPS and SCAS with their repeat prefixes.</summary>
/// <remarks>RCX, RSI and RDI are committed after every piece, so a fault or an interrupt leaves a state from which the instruction continues. A piece is one element, or for MOVS and STOS whatever lies inside pages that the TLB gives host addresses for.</remarks>
internal static unsafe class Strings
{
    private const int Rcx = 1;
    private const int Rsi = 6;
    private const int Rdi = 7;

    private interface IOperation
    {
        /// <summary>Runs the whole instruction; false when it faulted (recorded) or was interrupted between two pieces.</summary>
        static abstract bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged;
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Movsb, &Bind<Move>);
        table.Add(Mnemonic.Movsw, &Bind<Move>);
        table.Add(Mnemonic.Movsd, &Bind<Move>);
        table.Add(Mnemonic.Movsq, &Bind<Move>);
        table.Add(Mnemonic.Stosb, &Bind<Fill>);
        table.Add(Mnemonic.Stosw, &Bind<Fill>);
        table.Add(Mnemonic.Stosd, &Bind<Fill>);
        table.Add(Mnemonic.Stosq, &Bind<Fill>);
        table.Add(Mnemonic.Lodsb, &Bind<Load>);
        table.Add(Mnemonic.Lodsw, &Bind<Load>);
        table.Add(Mnemonic.Lodsd, &Bind<Load>);
        table.Add(Mnemonic.Lodsq, &Bind<Load>);
        table.Add(Mnemonic.Cmpsb, &Bind<Compare>);
        table.Add(Mnemonic.Cmpsw, &Bind<Compare>);
        table.Add(Mnemonic.Cmpsd, &Bind<Compare>);
        table.Add(Mnemonic.Cmpsq, &Bind<Compare>);
        table.Add(Mnemonic.Scasb, &Bind<Scan>);
        table.Add(Mnemonic.Scasw, &Bind<Scan>);
        table.Add(Mnemonic.Scasd, &Bind<Scan>);
        table.Add(Mnemonic.Scasq, &Bind<Scan>);
    }

    private static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
    {
        // MOVSD and CMPSD are also vector instructions.
        if (!i.IsStringInstruction)
        {
            return false;
        }

        op->Fn = i.MemorySize.GetSize() switch
        {
            1 => &Run<TOp, byte>,
            2 => &Run<TOp, ushort>,
            4 => &Run<TOp, uint>,
            _ => &Run<TOp, ulong>,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Run<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
    {
        if (!TOp.Run<T>(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    private static bool IsRepeated(Op* op) => (op->Flags & (OpFlags.Rep | OpFlags.Repne)) != 0;

    private static ulong Count(CpuState* s, Op* op)
    {
        if (!IsRepeated(op))
        {
            return 1;
        }

        return (op->Flags & OpFlags.Address32) != 0 ? (uint)s->Gpr[Rcx]
            : (op->Flags & OpFlags.Address16) != 0 ? (ushort)s->Gpr[Rcx]
            : s->Gpr[Rcx];
    }

    private static void Advance(CpuState* s, Op* op, int register, ulong bytes)
    {
        ulong value = s->Gpr[register] + bytes;
        if ((op->Flags & OpFlags.Address32) != 0)
        {
            s->Gpr[register] = (uint)value;
        }
        else if ((op->Flags & OpFlags.Address16) != 0)
        {
            *(ushort*)(s->Gpr + register) = (ushort)value;
        }
        else
        {
            s->Gpr[register] = value;
        }
    }

    private static ulong Step<T>(CpuState* s)
        where T : unmanaged
        => (s->SystemFlags & Flags.Df) != 0 ? 0 - (ulong)sizeof(T) : (ulong)sizeof(T);

    /// <summary>How many elements from an address on lie wholly in its page, in the direction of DF.</summary>
    private static ulong InPage<T>(ulong address, bool backward)
        where T : unmanaged
    {
        uint offset = (uint)address & 0xFFF;
        if (!backward)
        {
            return (0x1000 - offset) / (uint)sizeof(T);
        }

        return offset + (uint)sizeof(T) > 0x1000 ? 0 : (offset / (uint)sizeof(T)) + 1;
    }

    /// <summary>Whether offsets wrap only where pages end, so that a page can be treated as one piece.</summary>
    private static bool IsPageAligned(CpuState* s, int segment)
        => (s->Mode & CpuMode.Long64) != 0 || (CpuState.Seg(s, segment)->Base & 0xFFF) == 0;

    private static byte* Host(TlbEntry* table, ulong address)
    {
        TlbEntry* entry = table + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag < 0x1000 ? (byte*)(address + entry->Delta) : null;
    }

    /// <summary>Copies elements in the order the processor would, so that overlapping operands repeat a pattern as they should.</summary>
    private static void Copy<T>(byte* destination, byte* source, ulong count, bool backward)
        where T : unmanaged
    {
        ulong bytes = count * (ulong)sizeof(T);
        if (!backward)
        {
            if (destination <= source || destination >= source + bytes)
            {
                Buffer.MemoryCopy(source, destination, bytes, bytes);
                return;
            }

            for (ulong n = 0; n < count; n++)
            {
                ((T*)destination)[n] = ((T*)source)[n];
            }

            return;
        }

        ulong before = bytes - (ulong)sizeof(T);
        if (destination >= source || destination + bytes <= source)
        {
            Buffer.MemoryCopy(source - before, destination - before, bytes, bytes);
            return;
        }

        for (long n = 0; n < (long)count; n++)
        {
            ((T*)destination)[-n] = ((T*)source)[-n];
        }
    }

    private readonly struct Move : IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged
        {
            ulong remaining = Count(s, op);
            ulong step = Step<T>(s);
            bool backward = (long)step < 0;
            bool bulk = IsPageAligned(s, op->Seg) && IsPageAligned(s, SegmentIndex.Es);
            while (remaining != 0)
            {
                ulong from = Operand.Linear(s, op, op->Seg, s->Gpr[Rsi]);
                ulong to = Operand.Linear(s, op, SegmentIndex.Es, s->Gpr[Rdi]);
                ulong count = Math.Min(remaining, Math.Min(InPage<T>(from, backward), InPage<T>(to, backward)));
                byte* source = bulk && count > 1 ? Host(s->ReadTlb, from) : null;
                byte* destination = source != null ? Host(s->WriteTlb, to) : null;
                if (destination != null)
                {
                    Copy<T>(destination, source, count, backward);
                }
                else
                {
                    count = 1;
                    T* p = Memory.Load<T>(s, from);
                    if (p == null)
                    {
                        return false;
                    }

                    T value = *p;
                    if (!Memory.Store(s, to, value))
                    {
                        return false;
                    }
                }

                Advance(s, op, Rsi, count * step);
                Advance(s, op, Rdi, count * step);
                remaining -= count;
                if (IsRepeated(op))
                {
                    Advance(s, op, Rcx, 0 - count);
                    if (remaining != 0 && s->Exit != 0)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    private readonly struct Fill : IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged
        {
            ulong remaining = Count(s, op);
            ulong step = Step<T>(s);
            bool backward = (long)step < 0;
            bool bulk = IsPageAligned(s, SegmentIndex.Es);
            T value = Operand.Narrow<T>(s->Gpr[0]);
            while (remaining != 0)
            {
                ulong to = Operand.Linear(s, op, SegmentIndex.Es, s->Gpr[Rdi]);
                ulong count = Math.Min(remaining, InPage<T>(to, backward));
                byte* destination = bulk && count > 1 ? Host(s->WriteTlb, to) : null;
                if (destination != null)
                {
                    new Span<T>(backward ? destination - ((count - 1) * (ulong)sizeof(T)) : destination, (int)count).Fill(value);
                }
                else
                {
                    count = 1;
                    if (!Memory.Store(s, to, value))
                    {
                        return false;
                    }
                }

                Advance(s, op, Rdi, count * step);
                remaining -= count;
                if (IsRepeated(op))
                {
                    Advance(s, op, Rcx, 0 - count);
                    if (remaining != 0 && s->Exit != 0)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    private readonly struct Load : IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged
        {
            ulong step = Step<T>(s);
            for (ulong remaining = Count(s, op); remaining != 0; remaining--)
            {
                T* p = Memory.Load<T>(s, Operand.Linear(s, op, op->Seg, s->Gpr[Rsi]));
                if (p == null)
                {
                    return false;
                }

                Operand.Write<T>(s, CpuState.GprOffset, Operand.Get<T>(p));
                Advance(s, op, Rsi, step);
                if (IsRepeated(op))
                {
                    Advance(s, op, Rcx, ulong.MaxValue);
                    if (remaining > 1 && s->Exit != 0)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    private readonly struct Compare : IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged
        {
            ulong step = Step<T>(s);
            for (ulong remaining = Count(s, op); remaining != 0; remaining--)
            {
                T* p = Memory.Load<T>(s, Operand.Linear(s, op, op->Seg, s->Gpr[Rsi]));
                if (p == null)
                {
                    return false;
                }

                ulong a = Operand.Get<T>(p);
                p = Memory.Load<T>(s, Operand.Linear(s, op, SegmentIndex.Es, s->Gpr[Rdi]));
                if (p == null)
                {
                    return false;
                }

                ulong b = Operand.Get<T>(p);
                Advance(s, op, Rsi, step);
                Advance(s, op, Rdi, step);
                Flags.Sub(s, a, b, a - b, sizeof(T) * 8);
                if (!IsRepeated(op))
                {
                    break;
                }

                Advance(s, op, Rcx, ulong.MaxValue);
                if ((a == b) == ((op->Flags & OpFlags.Repne) != 0))
                {
                    break;
                }

                if (remaining > 1 && s->Exit != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private readonly struct Scan : IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run<T>(CpuState* s, Op* op)
            where T : unmanaged
        {
            ulong step = Step<T>(s);
            ulong a = Operand.Read<T>(s, CpuState.GprOffset);
            for (ulong remaining = Count(s, op); remaining != 0; remaining--)
            {
                T* p = Memory.Load<T>(s, Operand.Linear(s, op, SegmentIndex.Es, s->Gpr[Rdi]));
                if (p == null)
                {
                    return false;
                }

                ulong b = Operand.Get<T>(p);
                Advance(s, op, Rdi, step);
                Flags.Sub(s, a, b, a - b, sizeof(T) * 8);
                if (!IsRepeated(op))
                {
                    break;
                }

                Advance(s, op, Rcx, ulong.MaxValue);
                if ((a == b) == ((op->Flags & OpFlags.Repne) != 0))
                {
                    break;
                }

                if (remaining > 1 && s->Exit != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
