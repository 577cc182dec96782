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
        if (!HostFeatures.HasVex)
        {
            MoveLower(a, StoreAligned, offset);
            return;
        }

        byte* toWide = BranchIfUsed(a, offset);
        MoveLower(a, StoreAligned, offset);
        a.Jump(a.Position);
        byte* toEnd = a.Position;
        Land(a, toWide);
        MoveWhole(a, StoreAligned, offset);
        a.ZeroUpperHalves();

        // CMP dword [upper], cleared; JNE end; MOV dword [upper], zero
        a.Memory(0x83, 7, Thunks.State(offset + CpuState.UpperHalvesOffset), wide: false);
        a.Byte(CpuState.UpperHalvesCleared);
        a.JumpIf(HostAssembler.NotEqual, a.Position);
        byte* notCleared = a.Position;
        a.Memory(0xC7, 0, Thunks.State(offset + CpuState.UpperHalvesOffset), wide: false);
        a.Int32(CpuState.UpperHalvesZero);
        Land(a, notCleared);
        Land(a, toEnd);
    }

    /// <summary>Loads them; changes flags.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="offset">How far below the state RSP is.</param>
    public static void Load(HostAssembler a, int offset)
    {
        if (!HostFeatures.HasVex)
        {
            MoveLower(a, LoadAligned, offset);
            return;
        }

        byte* toWide = BranchIfUsed(a, offset);
        MoveLower(a, LoadAligned, offset);
        a.Jump(a.Position);
        byte* toEnd = a.Position;
        Land(a, toWide);
        MoveWhole(a, LoadAligned, offset);
        Land(a, toEnd);
    }

    private static byte* BranchIfUsed(HostAssembler a, int offset)
    {
        a.Memory(0x83, 7, Thunks.State(offset + CpuState.UpperHalvesOffset), wide: false);
        a.Byte(CpuState.UpperHalvesZero);
        a.JumpIf(HostAssembler.NotEqual, a.Position);
        return a.Position;
    }

    private static void Land(HostAssembler a, byte* branch) => *(int*)(branch - 4) = (int)(a.Position - branch);

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
