using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>Fills an op's operand fields from a decoded instruction, the same way for every family.</summary>
internal static unsafe class OperandFields
{
    /// <summary>Fills everything but <see cref="Op.Fn"/>.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="op">The op to fill.</param>
    /// <param name="mode">Mode bits of the block.</param>
    public static void Fill(in Instruction instruction, Op* op, uint mode)
    {
        *op = default;
        op->Rip = instruction.IP;
        op->NextRip = instruction.NextIP;
        op->Code = (ushort)instruction.Code;
        op->Base = CpuState.ZeroOffset;
        op->Index = CpuState.ZeroOffset;
        op->MemoryOperand = 0xFF;
        op->Seg = instruction.IsStackInstruction ? (byte)SegmentIndex.Ss : (byte)SegmentIndex.Ds;
        byte flags = 0;
        if (instruction.HasLockPrefix)
        {
            flags |= OpFlags.Locked;
        }

        if (instruction.HasRepePrefix)
        {
            flags |= OpFlags.Rep;
        }

        if (instruction.HasRepnePrefix)
        {
            flags |= OpFlags.Repne;
        }

        int count = instruction.OpCount;
        bool immediate = false;
        for (int i = 0; i < count; i++)
        {
            OpKind kind = instruction.GetOpKind(i);
            switch (kind)
            {
                case OpKind.Register:
                    SetRegister(op, i, RegisterOffset.Of(instruction.GetOpRegister(i)));
                    break;
                case OpKind.NearBranch16:
                case OpKind.NearBranch32:
                case OpKind.NearBranch64:
                    op->Imm = instruction.NearBranchTarget;
                    break;
                case OpKind.FarBranch16:
                case OpKind.FarBranch32:
                    op->Imm = kind == OpKind.FarBranch16 ? instruction.FarBranch16 : instruction.FarBranch32;
                    op->Aux = instruction.FarBranchSelector;
                    break;
                case OpKind.Memory:
                    op->MemoryOperand = (byte)i;
                    flags |= Memory(instruction, op, mode);
                    break;
                case OpKind.MemorySegSI:
                case OpKind.MemorySegDI:
                    op->Seg = (byte)SegmentNumber(instruction.MemorySegment);
                    flags |= OpFlags.Address16;
                    break;
                case OpKind.MemorySegESI:
                case OpKind.MemorySegEDI:
                    op->Seg = (byte)SegmentNumber(instruction.MemorySegment);
                    flags |= OpFlags.Address32;
                    break;
                case OpKind.MemorySegRSI:
                case OpKind.MemorySegRDI:
                    op->Seg = (byte)SegmentNumber(instruction.MemorySegment);
                    break;
                case OpKind.MemoryESDI:
                    flags |= OpFlags.Address16;
                    break;
                case OpKind.MemoryESEDI:
                    flags |= OpFlags.Address32;
                    break;
                case OpKind.MemoryESRDI:
                    break;
                default:
                    if (immediate)
                    {
                        op->Aux = (ushort)instruction.GetImmediate(i);
                    }
                    else
                    {
                        op->Imm = instruction.GetImmediate(i);
                        immediate = true;
                    }

                    break;
            }
        }

        op->Flags = flags;
    }

    private static void SetRegister(Op* op, int operand, ushort offset)
    {
        switch (operand)
        {
            case 0:
                op->Dst = offset;
                break;
            case 1:
                op->Src = offset;
                break;
            default:
                op->Src2 = offset;
                break;
        }
    }

    private static byte Memory(in Instruction instruction, Op* op, uint mode)
    {
        byte flags = 0;
        Register @base = instruction.MemoryBase;
        Register index = instruction.MemoryIndex;
        op->Disp = instruction.MemoryDisplacement64;
        int size;
        if (@base is Register.RIP or Register.EIP)
        {
            size = @base == Register.RIP ? 8 : 4;
        }
        else
        {
            size = 0;
            if (@base != Register.None)
            {
                op->Base = (byte)RegisterOffset.Of(@base);
                size = @base.GetSize();
            }

            if (index != Register.None)
            {
                op->Index = (byte)RegisterOffset.Of(index);
                op->Scale = (byte)System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale);
                size = index.GetSize();
            }

            if (size == 0)
            {
                size = instruction.MemoryDisplSize;
                if ((mode & CpuMode.Long64) != 0)
                {
                    size = instruction.MemoryDisplSize == 4 && op->Disp <= uint.MaxValue && (int)op->Disp < 0 ? 4 : 8;
                }
            }
        }

        if (size == 2)
        {
            flags |= OpFlags.Address16;
        }
        else if (size == 4)
        {
            flags |= OpFlags.Address32;
        }

        int segment = SegmentNumber(instruction.MemorySegment);
        op->Seg = (byte)segment;
        if ((mode & CpuMode.Long64) != 0 && segment < SegmentIndex.Fs)
        {
            flags |= flags == 0 ? OpFlags.FlatAddress : OpFlags.NoSegment;
        }

        return flags;
    }

    private static int SegmentNumber(Register segment) => segment switch
    {
        Register.ES => SegmentIndex.Es,
        Register.CS => SegmentIndex.Cs,
        Register.SS => SegmentIndex.Ss,
        Register.FS => SegmentIndex.Fs,
        Register.GS => SegmentIndex.Gs,
        _ => SegmentIndex.Ds,
    };
}
