using EmuPS.Cpu.Interpreter;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes one guest instruction as host code: stack and branch instructions by emitters of their own, most others as a copy with renamed registers, the rest as a call of the interpreter.</summary>
internal sealed unsafe class InstructionEmitter
{
    private readonly EmitContext _context;
    private readonly JumpEmitter _jumps;
    private readonly MemoryEmitter _memory;
    private readonly CopyEmitter _copies;
    private readonly StackEmitter _stack;
    private readonly DivideEmitter _divisions;
    private readonly SystemEmitter _system;
    private readonly bool _yields;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    /// <param name="jumps">Writes jumps.</param>
    /// <param name="yields">Whether PAUSE gives way to another processor of the machine.</param>
    public InstructionEmitter(EmitContext context, JumpEmitter jumps, bool yields)
    {
        _yields = yields;
        _context = context;
        _jumps = jumps;
        _memory = new MemoryEmitter(context);
        _copies = new CopyEmitter(context, _memory);
        _stack = new StackEmitter(context, _memory, jumps);
        _divisions = new DivideEmitter(context, _memory);
        _system = new SystemEmitter(context, _memory, jumps);
    }

    /// <summary>Whether an instruction, as it is written, never goes on behind itself.</summary>
    /// <param name="i">The last instruction of a block.</param>
    /// <param name="op">Its op.</param>
    public bool EndsInJump(in Instruction i, Op* op)
        => i.FlowControl switch
        {
            FlowControl.Next => (op->Flags & OpFlags.EndsBlock) != 0,
            FlowControl.ConditionalBranch => !IsJcc(i),
            _ => true,
        };

    /// <summary>Whether an instruction is a near branch to a known address that is as wide as its code.</summary>
    /// <param name="i">The instruction.</param>
    public static bool IsNear(in Instruction i) => i.Op0Kind is OpKind.NearBranch64 or OpKind.NearBranch32;

    /// <summary>Writes an instruction.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">Its op.</param>
    public void Write(in Instruction i, Op* op)
    {
        VectorCache vectors = _context.Vectors;
        byte* start = _context.Hot.Position;
        if (!TryWrite(i))
        {
            _context.Abandon(vectors);
            _context.Hot.Position = start;
            _context.Interpret(op);
            return;
        }

        _context.EndInstruction(op, vectors);
    }

    /// <summary>Writes the instructions of a group behind one check, and puts what is to be done when it fails on the list of the context.</summary>
    /// <param name="group">The group.</param>
    /// <returns>False when one of them cannot be written so; nothing was.</returns>
    public bool TryWrite(in AccessGroup group)
    {
        VectorCache vectors = _context.Vectors;
        byte* hot = _context.Hot.Position;
        byte* cold = _context.Cold.Position;
        _context.Number = group.First;
        _memory.Check(group);
        _context.BeginGroup(group, vectors);
        for (int n = group.First; n <= group.Last; n++)
        {
            _context.Number = n;
            if (!TryWrite(_context.Guest.Instructions[n]))
            {
                _context.Abandon(vectors);
                _context.AbandonGroup();
                _context.Hot.Position = hot;
                _context.Cold.Position = cold;
                return false;
            }
        }

        _context.EndGroup();
        return true;
    }

    private bool TryWrite(in Instruction i)
    {
        if (NativeInstructions.IsHint(i.Mnemonic))
        {
            // CLFLUSH and its kin fault as a load does.
            return i.Mnemonic is not (Mnemonic.Clflush or Mnemonic.Clflushopt or Mnemonic.Clwb) && !(_yields && i.Mnemonic == Mnemonic.Pause);
        }

        switch (i.Mnemonic)
        {
            case Mnemonic.Push:
                return _stack.Push(i);
            case Mnemonic.Pop:
                return _stack.Pop(i);
            case Mnemonic.Leave:
                return _stack.Leave(i);
            case Mnemonic.Call:
                return _stack.Call(i);
            case Mnemonic.Ret:
                return _stack.Return(i);
            case Mnemonic.Jmp:
                return Jump(i);
            case Mnemonic.Lea:
                return _copies.Lea(i);
            case Mnemonic.Div:
            case Mnemonic.Idiv:
                return _divisions.Divide(i);
            case Mnemonic.Pushfd:
            case Mnemonic.Pushfq:
                return _stack.PushFlags();
            case Mnemonic.Cli:
                return _system.DisableInterrupts();
            case Mnemonic.Sti:
                return _system.EnableInterrupts(i);
            case Mnemonic.Swapgs:
                return _system.SwapGs();
            case Mnemonic.Clac:
            case Mnemonic.Stac:
                return _system.ChangeUserAccess(i);
            case Mnemonic.Mov when i.Op1Kind == OpKind.Register && i.Op1Register.IsSegmentRegister():
                return _system.ReadSelector(i);
            case Mnemonic.Vzeroupper when _context.VectorLevel == VectorLevel.Avx && !_context.Is32:
                _context.Vectors.ZeroUpperHalves(_context.Hot);
                return true;
            default:
                if (IsJcc(i))
                {
                    _jumps.If(0x80 | ((int)i.ConditionCode - 1), i.NearBranchTarget);
                    return true;
                }

                return (NativeInstructions.IsGeneral(i) || IsCopiedVector(i)) && HostFeatures.Has(i.Mnemonic) && _copies.Copy(i);
        }
    }

    private bool IsCopiedVector(in Instruction i)
        => i.Encoding == EncodingKind.VEX
            ? _context.VectorLevel == VectorLevel.Avx && NativeInstructions.IsVexVector(i)
            : _context.VectorLevel != VectorLevel.None && NativeInstructions.IsVector(i);

    private static bool IsJcc(in Instruction i) => i.IsJccShortOrNear && IsNear(i);

    private bool Jump(in Instruction i)
    {
        if (IsNear(i))
        {
            _jumps.To(i.NearBranchTarget);
            return true;
        }

        if (i.Code is not (Code.Jmp_rm64 or Code.Jmp_rm32) || !_memory.LoadOperand(i, 0, HostRegister.R10))
        {
            return false;
        }

        _jumps.Indirect();
        return true;
    }
}
