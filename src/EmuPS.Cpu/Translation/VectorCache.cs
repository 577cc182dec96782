using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>Which vector registers are in the host's while a block is translated, and which of them the state does not have.</summary>
/// <remarks>
/// Between blocks the state has them all, and the host's upper halves are zero: with anything else in them, legacy SSE instructions run up to three times slower. So code that
/// used 256 bits ends with VZEROUPPER at every way out. Blocks without VEX code neither load nor store upper halves.
/// In user mode it is the other way round: there all registers stay in the host's from block to block, and only the ways into and out of translated code move them
/// (<see cref="VectorThunks"/>); then there is nothing to do here but to tell those ways when upper halves are used.
/// </remarks>
internal struct VectorCache
{
    private const int Count = 16;
    private const int Load = 0x28;
    private const int Save = 0x29;
    private uint _low;
    private uint _whole;
    private uint _changed;
    private uint _changedWhole;

    // Whether host code up to here may have left an upper half other than zero.
    private bool _wide;

    private readonly bool _resident;

    /// <summary>Makes the cache of a block.</summary>
    /// <param name="resident">Whether all registers stay in the host's between blocks.</param>
    public VectorCache(bool resident) => _resident = resident;

    /// <summary>Brings a register in that is read, or of which a part is kept.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="number">0 to 15.</param>
    /// <param name="whole">Whether its upper half is wanted too.</param>
    public void Read(HostAssembler a, int number, bool whole)
    {
        uint bit = 1u << number;
        if (_resident || ((whole ? _whole : _low) & bit) != 0)
        {
            return;
        }

        if (!whole)
        {
            Move(a, Load, number, whole: false);
            _low |= bit;
            return;
        }

        if ((_changed & bit) != 0)
        {
            Move(a, Save, number, whole: false);
            _changed &= ~bit;
        }

        _wide = true;
        Move(a, Load, number, whole: true);
        _low |= bit;
        _whole |= bit;
    }

    /// <summary>Notes that the present instruction writes a register.</summary>
    /// <param name="number">0 to 15.</param>
    /// <param name="whole">Whether it writes the upper half, be it with zeros, as every VEX-encoded instruction does.</param>
    public void Write(int number, bool whole)
    {
        uint bit = 1u << number;
        if (_resident)
        {
            return;
        }

        _low |= bit;
        _changed |= bit;
        if (whole)
        {
            _whole |= bit;
            _changedWhole |= bit;
        }
    }

    /// <summary>Notes that the present instruction works on 256 bits.</summary>
    /// <param name="a">The assembler.</param>
    public void UseWide(HostAssembler a)
    {
        if (!_wide)
        {
            SetUpperHalves(a, CpuState.UpperHalvesUsed);
        }

        _wide = true;
    }

    /// <summary>Stores what the state does not have: before every way out.</summary>
    /// <param name="a">The assembler.</param>
    public void Flush(HostAssembler a)
    {
        if (_resident)
        {
            return;
        }

        Flush(a, this);
        _changed = 0;
        _changedWhole = 0;
        if (_wide)
        {
            _low = 0;
            _whole = 0;
            _wide = false;
        }
    }

    /// <summary>Forgets what the host's registers hold, behind an instruction of the interpreter; <see cref="Flush(HostAssembler)"/> went before.</summary>
    public void Forget()
    {
        _low = 0;
        _whole = 0;

        // VZEROALL and XRSTOR may have noted that upper halves are zero.
        _wide = false;
    }

    /// <summary>Stores, on a rare path of the present instruction, what the state did not have before it.</summary>
    /// <param name="a">The assembler of rare paths.</param>
    /// <param name="before">The cache before the instruction.</param>
    public readonly void Flush(HostAssembler a, in VectorCache before)
    {
        if (_resident)
        {
            return;
        }

        bool wide = _wide;
        for (int n = 0; n < Count; n++)
        {
            uint bit = 1u << n;
            if ((before._changedWhole & bit) != 0)
            {
                Move(a, Save, n, whole: true);
                wide = true;
            }
            else if ((before._changed & bit) != 0)
            {
                Move(a, Save, n, whole: false);
            }
        }

        if (wide)
        {
            a.ZeroUpperHalves();
        }
    }

    /// <summary>Brings everything in again behind a call on a rare path, as the code it comes back to expects it.</summary>
    /// <param name="a">The assembler of rare paths.</param>
    public readonly void Reload(HostAssembler a)
    {
        for (int n = 0; n < Count; n++)
        {
            uint bit = 1u << n;
            if ((_low & bit) != 0)
            {
                // Without 256-bit code the upper halves that count are zeros, which a VEX-encoded load of the lower half gives too.
                bool whole = (_whole & bit) != 0;
                Move(a, Load, n, whole && _wide, vex: whole);
            }
        }
    }

    /// <summary>VZEROUPPER of the guest.</summary>
    /// <param name="a">The assembler.</param>
    public void ZeroUpperHalves(HostAssembler a)
    {
        a.ZeroUpperHalves();
        _wide = false;
        if (_resident)
        {
            SetUpperHalves(a, CpuState.UpperHalvesCleared);
            return;
        }

        uint free = ~_low & ((1u << Count) - 1);
        if (free == 0)
        {
            const int Last = Count - 1;
            Move(a, Save, Last, whole: false, vex: true);
            free = 1u << Last;
            _low &= ~free;
            _whole &= ~free;
            _changed &= ~free;
            _changedWhole &= ~free;
        }

        // Those in the host's are stored as a whole when the block is left; those in the state lose their upper halves now.
        int zero = System.Numerics.BitOperations.TrailingZeroCount(free);
        a.ClearVector(zero);
        for (int n = 0; n < Count; n++)
        {
            if ((_low & (1u << n)) == 0)
            {
                a.Vector(Save, zero, Thunks.State(CpuState.XmmOffset + (n * 32) + 16), wide: false);
            }
        }

        _whole = _low;
        _changed = _low;
        _changedWhole = _low;
    }

    private static void SetUpperHalves(HostAssembler a, int value)
    {
        // MOV dword [state], value
        a.Memory(0xC7, 0, Thunks.State(CpuState.UpperHalvesOffset), wide: false);
        a.Int32(value);
    }

    private readonly void Move(HostAssembler a, int opcode, int number, bool whole, bool vex = false)
    {
        HostOperand place = Thunks.State(CpuState.XmmOffset + (number * 32));
        if (whole || vex || _wide)
        {
            a.Vector(opcode, number, place, whole);
        }
        else
        {
            a.Memory0F(0, opcode, number, place);
        }
    }
}
