using System.Collections.Generic;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>What the emitters share while one block is translated: where code goes, the vector registers that are in the host's at this point, and the rare paths of the present instruction.</summary>
internal sealed unsafe partial class EmitContext
{
    private readonly List<(nint Distance, bool FlagsSaved)> _failures = [];
    private readonly Thunks _thunks;
    private VectorCache _vectors;

    /// <summary>Makes a context.</summary>
    /// <param name="code">Where code goes.</param>
    /// <param name="thunks">The thunks.</param>
    public EmitContext(CodeRegion code, Thunks thunks)
    {
        Hot = code.Hot;
        Cold = code.Cold;
        _thunks = thunks;
    }

    /// <summary>Which vector instructions are copied.</summary>
    public VectorLevel VectorLevel { get; set; }

    /// <summary>Code that runs.</summary>
    public HostAssembler Hot { get; }

    /// <summary>Rare paths.</summary>
    public HostAssembler Cold { get; }

    /// <summary>The thunks.</summary>
    public Thunks Thunks => _thunks;

    /// <summary>The block.</summary>
    public Block* Block { get; private set; }

    /// <summary>Its instructions.</summary>
    public GuestBlock Guest { get; private set; } = null!;

    /// <summary>Number of the instruction being written.</summary>
    public int Number { get; set; }

    /// <summary>The TLB bank of the block's mode.</summary>
    public int Bank { get; private set; }

    /// <summary>Whether the block is 32-bit code: offsets and the stack pointer are 32 bits wide.</summary>
    public bool Is32 { get; private set; }

    /// <summary>Whether the block finds the vector registers in the host's, and leaves them there.</summary>
    public bool IsResident { get; private set; }

    /// <summary>Whether a flag must survive a memory check before the present instruction.</summary>
    public bool FlagsLiveBefore => FlagLiveness.Before(Guest.Instructions[Number], Guest.LiveAfter[Number]) != RflagsBits.None;

    /// <summary>Whether translated code of a mode is 32-bit code.</summary>
    /// <param name="mode">Mode bits.</param>
    public static bool IsCode32(uint mode) => (mode & CpuMode.Long64) == 0;

    /// <summary>Starts a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="guest">Its instructions.</param>
    public void Begin(Block* block, GuestBlock guest)
    {
        Block = block;
        Guest = guest;
        Bank = ModeBits.BankOf(block->Mode);
        Is32 = IsCode32(block->Mode);
        IsResident = Thunks.IsResident(Bank, VectorLevel);
        _vectors = new VectorCache(IsResident);
        _failures.Clear();
        _failedGroups.Clear();
        _groupFailures.Clear();
        _isInGroup = false;
    }

    /// <summary>The vector registers in the host's.</summary>
    public ref VectorCache Vectors => ref _vectors;

    /// <summary>Stores what vector registers hold that the state does not: before every way out of the block.</summary>
    public void StoreVectors() => _vectors.Flush(Hot);

    /// <summary>A memory check that failed jumps to a rare path where the interpreter executes the present instruction.</summary>
    /// <param name="condition">The condition of failure.</param>
    /// <param name="flagsSaved">Whether the guest's flags are in AX and RAX in its slot at this point.</param>
    public void FailIf(int condition, bool flagsSaved)
    {
        Hot.JumpIf(condition, Hot.Position);
        _failures.Add(((nint)(Hot.Position - 4), flagsSaved));
    }

    /// <summary>The guest's flags go to AX, RAX to its slot.</summary>
    public void SaveFlags()
    {
        Hot.Store(Thunks.State(CpuState.SavedRaxOffset), HostRegister.Rax);
        Hot.Byte(0x9F);
        Hot.Byte(0x0F);
        Hot.Byte(0x90);
        Hot.Byte(0xC0);
    }

    /// <summary>Undoes <see cref="SaveFlags"/>.</summary>
    /// <param name="a">The assembler.</param>
    public static void RestoreFlags(HostAssembler a)
    {
        a.Byte(0x04);
        a.Byte(0x7F);
        a.Byte(0x9E);
        a.Load(HostRegister.Rax, Thunks.State(CpuState.SavedRaxOffset));
    }

    /// <summary>Ends an instruction: writes the rare paths of its failed checks, which come back to here.</summary>
    /// <param name="op">The op that the interpreter executes then.</param>
    /// <param name="vectorsBefore">What <see cref="Vectors"/> was before the instruction.</param>
    public void EndInstruction(Op* op, in VectorCache vectorsBefore)
    {
        if (_failures.Count == 0)
        {
            return;
        }

        foreach (bool saved in (bool[])[false, true])
        {
            bool any = false;
            foreach ((nint distance, bool flagsSaved) in _failures)
            {
                if (flagsSaved == saved)
                {
                    Cold.Lead((byte*)distance, Cold.Position);
                    any = true;
                }
            }

            if (!any)
            {
                continue;
            }

            if (saved)
            {
                RestoreFlags(Cold);
            }

            // What the instruction would have written is not written yet, but what it brought in is.
            _vectors.Flush(Cold, vectorsBefore);
            Call(Cold, op);
            _vectors.Reload(Cold);
            Cold.Jump(Hot.Position);
        }

        _failures.Clear();
    }

    /// <summary>Forgets what an instruction did that turned out not to be writable.</summary>
    /// <param name="vectorsBefore">What <see cref="Vectors"/> was before it.</param>
    public void Abandon(in VectorCache vectorsBefore)
    {
        _failures.Clear();
        _vectors = vectorsBefore;
    }

    /// <summary>Lets the interpreter execute the present instruction.</summary>
    /// <param name="op">The op.</param>
    public void Interpret(Op* op)
    {
        StoreVectors();
        Call(Hot, op);
        _vectors.Forget();
    }

    private void Call(HostAssembler a, Op* op)
    {
        a.Constant(HostRegister.R10, (ulong)op);
        a.Constant(HostRegister.R11, (ulong)Block);
        a.Call(_thunks.Interpret(IsResident));
    }
}
