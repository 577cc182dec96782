namespace EmuPS.Cpu.Translation;

/// <summary>Writes host machine code: the few forms that the translator's scaffolding needs. Everything else goes through Iced's encoder.</summary>
/// <remarks>Addresses of jump targets are absolute and lie in the same code region, so that 32-bit distances reach.</remarks>
internal sealed unsafe class HostAssembler
{
    /// <summary>Conditions as the second opcode byte of Jcc encodes them.</summary>
    public const byte Above = 0x87;
    public const byte AboveOrEqual = 0x83;
    public const byte BelowOrEqual = 0x86;
    public const byte NotEqual = 0x85;
    public const byte Equal = 0x84;
    public const byte NotSign = 0x89;

    /// <summary>No condition.</summary>
    public const byte Always = 0xE9;

    /// <summary>The address at which the next byte will be executed.</summary>
    public byte* Position { get; set; }

    /// <summary>How far behind that address it is written; see <see cref="Core.Native.CodeMemory"/>.</summary>
    public nint ToWritable { get; init; }

    /// <summary>Writes a byte.</summary>
    /// <param name="value">The byte.</param>
    public void Byte(int value)
    {
        *(Position + ToWritable) = (byte)value;
        Position++;
    }

    /// <summary>Writes 32 bits.</summary>
    /// <param name="value">The value.</param>
    public void Int32(int value)
    {
        *(int*)(Position + ToWritable) = value;
        Position += 4;
    }

    /// <summary>Writes 64 bits.</summary>
    /// <param name="value">The value.</param>
    public void Int64(ulong value)
    {
        *(ulong*)(Position + ToWritable) = value;
        Position += 8;
    }

    /// <summary>Writes REX, a one-byte opcode and a memory operand.</summary>
    /// <param name="opcode">The opcode.</param>
    /// <param name="register">The register operand or opcode extension.</param>
    /// <param name="memory">The memory operand.</param>
    /// <param name="wide">64-bit operand size.</param>
    public void Memory(int opcode, int register, HostOperand memory, bool wide = true)
    {
        Rex(register, memory, wide);
        Byte(opcode);
        ModRm(register, memory);
    }

    /// <summary>Writes a two-byte opcode (0F xx) with a memory operand and an optional mandatory prefix.</summary>
    /// <param name="prefix">66, F2, F3 or 0.</param>
    /// <param name="opcode">The second opcode byte.</param>
    /// <param name="register">The register operand.</param>
    /// <param name="memory">The memory operand.</param>
    public void Memory0F(int prefix, int opcode, int register, HostOperand memory)
    {
        if (prefix != 0)
        {
            Byte(prefix);
        }

        Rex(register, memory, false);
        Byte(0x0F);
        Byte(opcode);
        ModRm(register, memory);
    }

    /// <summary>Writes a VEX-encoded instruction of the 0F map without prefix: 10 VMOVUPS from, 11 to memory; 28 VMOVAPS from, 29 to memory.</summary>
    /// <param name="opcode">The opcode byte.</param>
    /// <param name="register">The vector register.</param>
    /// <param name="memory">The memory operand; base and index below 8.</param>
    /// <param name="wide">256 bits; otherwise 128, which clears the upper half of a register that is written.</param>
    public void Vector(int opcode, int register, HostOperand memory, bool wide = true)
    {
        Byte(0xC5);
        Byte((register < 8 ? 0xF8 : 0x78) | (wide ? 4 : 0));
        Byte(opcode);
        ModRm(register, memory);
    }

    /// <summary>VXORPS xmm, xmm, xmm: clears a vector register.</summary>
    /// <param name="register">The register.</param>
    public void ClearVector(int register)
    {
        Byte(0xC4);
        Byte(register < 8 ? 0xE1 : 0x41);
        Byte(((~register & 15) << 3) & 0x78);
        Byte(0x57);
        Byte(0xC0 | ((register & 7) << 3) | (register & 7));
    }

    /// <summary>VZEROUPPER.</summary>
    public void ZeroUpperHalves()
    {
        Byte(0xC5);
        Byte(0xF8);
        Byte(0x77);
    }

    /// <summary>Writes REX, a one-byte opcode and a register operand.</summary>
    /// <param name="opcode">The opcode.</param>
    /// <param name="register">The reg field.</param>
    /// <param name="operand">The r/m field.</param>
    /// <param name="wide">64-bit operand size.</param>
    public void Register(int opcode, int register, int operand, bool wide = true)
    {
        int rex = 0x40 | (wide ? 8 : 0) | ((register >> 3) << 2) | (operand >> 3);
        if (rex != 0x40)
        {
            Byte(rex);
        }

        Byte(opcode);
        Byte(0xC0 | ((register & 7) << 3) | (operand & 7));
    }

    /// <summary>MOV r64, [memory].</summary>
    public void Load(int register, HostOperand memory) => Memory(0x8B, register, memory);

    /// <summary>MOV [memory], r64.</summary>
    public void Store(HostOperand memory, int register) => Memory(0x89, register, memory);

    /// <summary>MOV r64, r64.</summary>
    public void Move(int destination, int source) => Register(0x89, source, destination);

    /// <summary>LEA r64, [memory].</summary>
    public void Lea(int register, HostOperand memory) => Memory(0x8D, register, memory);

    /// <summary>Loads a constant in the shortest form that changes no flags.</summary>
    /// <param name="register">The register.</param>
    /// <param name="value">The constant.</param>
    public void Constant(int register, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            if (register >= 8)
            {
                Byte(0x41);
            }

            Byte(0xB8 | (register & 7));
            Int32((int)value);
        }
        else if ((ulong)(int)value == value)
        {
            Byte(0x48 | (register >> 3));
            Byte(0xC7);
            Byte(0xC0 | (register & 7));
            Int32((int)value);
        }
        else
        {
            Byte(0x48 | (register >> 3));
            Byte(0xB8 | (register & 7));
            Int64(value);
        }
    }

    /// <summary>JMP rel32.</summary>
    /// <param name="target">Host address.</param>
    public void Jump(byte* target)
    {
        Byte(0xE9);
        Int32((int)(target - (Position + 4)));
    }

    /// <summary>CALL rel32.</summary>
    /// <param name="target">Host address.</param>
    public void Call(byte* target)
    {
        Byte(0xE8);
        Int32((int)(target - (Position + 4)));
    }

    /// <summary>Jcc rel32.</summary>
    /// <param name="condition">Second opcode byte.</param>
    /// <param name="target">Host address.</param>
    public void JumpIf(int condition, byte* target)
    {
        Byte(0x0F);
        Byte(condition);
        Int32((int)(target - (Position + 4)));
    }

    /// <summary>A jump to a place that follows.</summary>
    /// <param name="condition">Second opcode byte, or <see cref="Always"/>.</param>
    /// <returns>What <see cref="Land"/> wants.</returns>
    public byte* Branch(byte condition)
    {
        if (condition == Always)
        {
            Jump(Position);
        }
        else
        {
            JumpIf(condition, Position);
        }

        return Position;
    }

    /// <summary>The place of a branch is here.</summary>
    /// <param name="branch">What <see cref="Branch"/> gave.</param>
    public void Land(byte* branch) => Lead(branch - 4, Position);

    /// <summary>Changes where a jump or call leads that is written already.</summary>
    /// <param name="distance">Address of its 32-bit distance, the last part of the instruction.</param>
    /// <param name="target">Host address.</param>
    public void Lead(byte* distance, byte* target) => *(int*)(distance + ToWritable) = (int)(target - (distance + 4));

    /// <summary>JMP qword [memory].</summary>
    public void JumpIndirect(HostOperand memory) => Memory(0xFF, 4, memory, wide: false);

    private void Rex(int register, HostOperand memory, bool wide)
    {
        int rex = 0x40 | (wide ? 8 : 0) | ((register >> 3) << 2) | (memory.Base >> 3) | (memory.Index >= 8 ? 2 : 0);
        if (rex != 0x40)
        {
            Byte(rex);
        }
    }

    private void ModRm(int register, HostOperand memory)
    {
        int mode = memory.Displacement == 0 && (memory.Base & 7) != 5 ? 0 : memory.Displacement is >= -128 and <= 127 ? 1 : 2;
        if (memory.Index >= 0 || (memory.Base & 7) == 4)
        {
            Byte((mode << 6) | ((register & 7) << 3) | 4);
            Byte((memory.Scale << 6) | ((memory.Index < 0 ? 4 : memory.Index & 7) << 3) | (memory.Base & 7));
        }
        else
        {
            Byte((mode << 6) | ((register & 7) << 3) | (memory.Base & 7));
        }

        if (mode == 1)
        {
            Byte(memory.Displacement);
        }
        else if (mode == 2)
        {
            Int32(memory.Displacement);
        }
    }
}
