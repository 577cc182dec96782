using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.Interpreter.Vex;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>From mnemonic to the family method that chooses an instruction's handler. Each family registers its own mnemonics.</summary>
internal sealed unsafe class InstructionTable
{
    /// <summary>Chooses <see cref="Op.Fn"/> for a decoded instruction whose operand fields are already filled. Returns false when this form is not offered (#UD).</summary>
    private readonly delegate*<in Instruction, Op*, uint, bool>[] _binders = new delegate*<in Instruction, Op*, uint, bool>[IcedConstants.MnemonicCount];

    /// <summary>A second family's method for the same mnemonic (MOVSD is a string and a vector instruction, MOV a data and a system one), asked when the first declines.</summary>
    private readonly delegate*<in Instruction, Op*, uint, bool>[] _alternatives = new delegate*<in Instruction, Op*, uint, bool>[IcedConstants.MnemonicCount];

    private readonly HostVectorCode? _hostVectors;

    /// <summary>Makes the table of all families.</summary>
    /// <param name="hostVectors">Executes VEX-encoded vector instructions; null when they are not offered.</param>
    public InstructionTable(HostVectorCode? hostVectors = null)
    {
        _hostVectors = hostVectors;
        IntegerFamilies.Register(this);
        VectorFamilies.Register(this);
        SystemFamilies.Register(this);
    }

    /// <summary>Registers a family method for a mnemonic. When two families share one, each method returns false for the other's forms.</summary>
    /// <param name="mnemonic">The mnemonic.</param>
    /// <param name="binder">Arguments: instruction, op, <see cref="CpuMode"/> bits.</param>
    public void Add(Mnemonic mnemonic, delegate*<in Instruction, Op*, uint, bool> binder)
    {
        if (_binders[(int)mnemonic] is null)
        {
            _binders[(int)mnemonic] = binder;
        }
        else
        {
            _alternatives[(int)mnemonic] = binder;
        }
    }

    /// <summary>Chooses the handler.</summary>
    /// <param name="instruction">The decoded instruction.</param>
    /// <param name="op">The op with its operand fields filled.</param>
    /// <param name="mode">Mode bits of the block.</param>
    /// <returns>False when the instruction is not offered.</returns>
    public bool TryBind(in Instruction instruction, Op* op, uint mode)
    {
        if (instruction.Encoding == EncodingKind.VEX)
        {
            // Without protection the prefix is none (SDM vol. 2, 2.3).
            if ((mode & (CpuMode.Real | CpuMode.Virtual8086)) != 0)
            {
                return false;
            }

            if (VexInstructions.IsVector(instruction))
            {
                return _hostVectors is not null && VexFamily.TryBind(instruction, op, _hostVectors);
            }
        }

        delegate*<in Instruction, Op*, uint, bool> binder = _binders[(int)instruction.Mnemonic];
        if (binder is null)
        {
            return false;
        }

        if (binder(in instruction, op, mode))
        {
            return true;
        }

        binder = _alternatives[(int)instruction.Mnemonic];
        return binder is not null && binder(in instruction, op, mode);
    }

    private static class IcedConstants
    {
        public static readonly int MnemonicCount = System.Enum.GetValues<Mnemonic>().Length;
    }
}
