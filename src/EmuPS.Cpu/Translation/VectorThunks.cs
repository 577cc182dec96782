using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes the moves of all vector registers between the state and the host's, for the ways into and out of code that keeps them there.</summary>
/// <remarks>Upper halves are moved only when they hold something: a 256-bit load, even of zeros, makes legacy SSE instructions up to three times slower until the next VZEROUPPER.</remarks>
internal static unsafe class VectorThunks
{
    private const int Count = 16;
    private const int LoadAligned = 0x28;
    private const int StoreAligned = 0x29;

    /// <summary>Stores them; changes flags. The upper halves are clear in the host's afterwards, as C# wants it.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="offset">How far below the state RSP is.</param>
    public static void Save(HostAssembler a, int offset)
    {
        byte* onlyLower = Move(a, StoreAligned, offset);
        if (onlyLower is null)
        {
            return;
        }

        a.ZeroUpperHalves();
        CompareUpperHalves(a, offset, CpuState.UpperHalvesCleared);
        byte* used = a.Branch(HostAssembler.NotEqual);

        // MOV dword [upper], zero
        a.Memory(0xC7, 0, Thunks.State(offset + CpuState.UpperHalvesOffset), wide: false);
        a.Int32(CpuState.UpperHalvesZero);
        a.Land(used);
        a.Land(onlyLower);
    }

    /// <summary>Loads them; changes flags.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="offset">How far below the state RSP is.</param>
    public static void Load(HostAssembler a, int offset)
    {
        byte* onlyLower = Move(a, LoadAligned, offset);
        if (onlyLower is not null)
        {
            a.Land(onlyLower);
        }
    }

    /// <summary>Moves all lower halves, or all registers when upper halves hold something.</summary>
    /// <returns>The branch that is taken behind the move of lower halves alone; null on a host without upper halves.</returns>
    private static byte* Move(HostAssembler a, int opcode, int offset)
    {
        if (!HostFeatures.HasVex)
        {
            MoveLower(a, opcode, offset);
            return null;
        }

        CompareUpperHalves(a, offset, CpuState.UpperHalvesZero);
        byte* used = a.Branch(HostAssembler.NotEqual);
        MoveLower(a, opcode, offset);
        byte* onlyLower = a.Branch(HostAssembler.Always);
        a.Land(used);
        MoveWhole(a, opcode, offset);
        return onlyLower;
    }

    private static void CompareUpperHalves(HostAssembler a, int offset, int value)
    {
        a.Memory(0x83, 7, Thunks.State(offset + CpuState.UpperHalvesOffset), wide: false);
        a.Byte(value);
    }

    private static void MoveLower(HostAssembler a, int opcode, int offset)
    {
        for (int n = 0; n < Count; n++)
        {
            // A VEX-encoded load clears the upper half: whatever C# left there must not become the guest's.
            if (HostFeatures.HasVex)
            {
                a.Vector(opcode, n, Register(offset, n), wide: false);
            }
            else
            {
                a.Memory0F(0, opcode, n, Register(offset, n));
            }
        }
    }

    private static void MoveWhole(HostAssembler a, int opcode, int offset)
    {
        for (int n = 0; n < Count; n++)
        {
            a.Vector(opcode, n, Register(offset, n));
        }
    }

    private static HostOperand Register(int offset, int number) => Thunks.State(offset + CpuState.XmmOffset + (number * 32));
}
