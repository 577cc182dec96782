using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>LAR, LSL, VERR, VERW and ARPL: questions about selectors that answer in ZF and fault only when memory does.</summary>
internal static unsafe class SegmentQueries
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lar, &Bind);
        table.Add(Mnemonic.Lsl, &Bind);
        table.Add(Mnemonic.Verr, &Bind);
        table.Add(Mnemonic.Verw, &Bind);
        table.Add(Mnemonic.Arpl, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Aux = (ushort)Operand.Size(i, 0);
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Lar => &SystemHandler.Next<AccessRights>,
            Mnemonic.Lsl => &SystemHandler.Next<SegmentLimit>,
            Mnemonic.Verr => &SystemHandler.Next<VerifyRead>,
            Mnemonic.Verw => &SystemHandler.Next<VerifyWrite>,
            _ => &SystemHandler.Next<AdjustRpl>,
        };
        return (mode & (CpuMode.Real | CpuMode.Virtual8086)) == 0;
    }

    private static void SetZf(CpuState* s, bool value)
        => Flags.SetStatus(s, (Flags.Get(s) & Flags.Status & ~Flags.Zf) | (value ? Flags.Zf : 0));

    /// <summary>Reads the selector operand and its descriptor. False means a fault; a descriptor that cannot be seen gives <paramref name="found"/> false.</summary>
    private static bool TryFind(CpuState* s, Op* op, int register, out ulong low, out ushort selector, out bool found)
    {
        low = 0;
        found = false;
        if (op->MemoryOperand == 0xFF)
        {
            selector = (ushort)Operand.Read<ushort>(s, register);
        }
        else
        {
            ushort* p = Memory.Load<ushort>(s, Address.Any(s, op));
            selector = p is null ? (ushort)0 : *p;
            if (p is null)
            {
                return false;
            }
        }

        if (SegmentLoading.IsNull(selector) || !SegmentLoading.IsInsideTable(s, selector, 8))
        {
            return true;
        }

        if (!SystemMemory.Read(s, SegmentLoading.DescriptorAddress(s, selector), out low))
        {
            return false;
        }

        found = true;
        return true;
    }

    private static bool IsVisible(CpuState* s, ushort selector, ulong d)
        => DescriptorBits.IsConforming(d) || DescriptorBits.Dpl(d) >= System.Math.Max(s->Cpl, selector & 3);

    private static bool HasSystemLimit(CpuState* s, ulong d)
        => DescriptorBits.Type(d) is DescriptorBits.Ldt or DescriptorBits.Tss32 or DescriptorBits.Tss32Busy
            || (!SegmentLoading.IsLongActive(s) && DescriptorBits.Type(d) is (DescriptorBits.Tss16 or DescriptorBits.Tss16Busy));

    private static bool HasSystemRights(CpuState* s, ulong d)
        => HasSystemLimit(s, d) || DescriptorBits.Type(d) == DescriptorBits.CallGate32
            || (!SegmentLoading.IsLongActive(s) && DescriptorBits.Type(d) is (DescriptorBits.CallGate16 or DescriptorBits.TaskGate));

    private static void WriteResult(CpuState* s, Op* op, uint value)
    {
        switch (op->Aux)
        {
            case 2:
                Operand.Write<ushort>(s, op->Dst, value);
                break;
            case 4:
                Operand.Write<uint>(s, op->Dst, value);
                break;
            default:
                Operand.Write<ulong>(s, op->Dst, value);
                break;
        }
    }

    private readonly struct AccessRights : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TryFind(s, op, op->Src, out ulong d, out ushort selector, out bool found))
            {
                return false;
            }

            found = found && (DescriptorBits.IsSegment(d) || HasSystemRights(s, d)) && IsVisible(s, selector, d);
            if (found)
            {
                WriteResult(s, op, (uint)(d >> 32) & 0x00FF_FF00);
            }

            SetZf(s, found);
            return true;
        }
    }

    private readonly struct SegmentLimit : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TryFind(s, op, op->Src, out ulong d, out ushort selector, out bool found))
            {
                return false;
            }

            found = found && (DescriptorBits.IsSegment(d) || HasSystemLimit(s, d)) && IsVisible(s, selector, d);
            if (found)
            {
                WriteResult(s, op, DescriptorBits.Limit(d));
            }

            SetZf(s, found);
            return true;
        }
    }

    private readonly struct VerifyRead : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TryFind(s, op, op->Dst, out ulong d, out ushort selector, out bool found))
            {
                return false;
            }

            SetZf(s, found && DescriptorBits.IsReadable(d) && IsVisible(s, selector, d));
            return true;
        }
    }

    private readonly struct VerifyWrite : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TryFind(s, op, op->Dst, out ulong d, out ushort selector, out bool found))
            {
                return false;
            }

            SetZf(s, found && DescriptorBits.IsWritableData(d) && IsVisible(s, selector, d));
            return true;
        }
    }

    private readonly struct AdjustRpl : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            ushort* p = op->MemoryOperand == 0 ? Memory.Modify<ushort>(s, Address.Any(s, op)) : (ushort*)((byte*)s + op->Dst);
            if (p is null)
            {
                return false;
            }

            int rpl = (int)Operand.Read<ushort>(s, op->Src) & 3;
            bool raised = (*p & 3) < rpl;
            if (raised)
            {
                *p = (ushort)((*p & ~3) | rpl);
            }

            Memory.Commit(s, p);
            SetZf(s, raised);
            return true;
        }
    }
}
