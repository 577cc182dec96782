using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>How a guest memory operand's linear address is computed from host registers and the state.</summary>
internal readonly struct MemoryPlan
{
    private const int None = -1;
    private readonly int _base;
    private readonly int _index;
    private readonly int _scale;
    private readonly int _segmentOffset;
    private readonly ulong _displacement;

    private MemoryPlan(int @base, int index, int scale, int segmentOffset, ulong displacement)
    {
        _base = @base;
        _index = index;
        _scale = scale;
        _segmentOffset = segmentOffset;
        _displacement = displacement;
    }

    /// <summary>Whether the operand can be reached through the guest base's own host register.</summary>
    public bool IsBaseOnly => _segmentOffset == 0 && _index == None && _base != None && HostRegister.Of(_base) >= 0;

    /// <summary>Guest register by which the access has a page cell; -1 for one that looks into the TLB at once: without a base, or relative to FS or GS.</summary>
    public int CellRegister => _segmentOffset == 0 ? _base : None;

    /// <summary>Host register of the base; only when <see cref="IsBaseOnly"/>.</summary>
    public int HostBase => HostRegister.Of(_base);

    /// <summary>The displacement; only when <see cref="IsBaseOnly"/>.</summary>
    public int Displacement => (int)_displacement;

    /// <summary>A plan for a register plus a constant.</summary>
    /// <param name="guestBase">Guest register.</param>
    /// <param name="displacement">The constant.</param>
    public static MemoryPlan Of(int guestBase, int displacement) => new(guestBase, None, 0, 0, (ulong)(long)displacement);

    /// <summary>Plans the explicit memory operand of an instruction in 64-bit mode.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>False for forms that are left to the interpreter: 32-bit addresses, 64-bit offsets.</returns>
    public static bool TryMake(in Instruction i, out MemoryPlan plan)
    {
        plan = default;
        Register @base = i.MemoryBase;
        Register index = i.MemoryIndex;
        bool wideBase = @base is Register.None or Register.RIP || @base.IsGPR64();
        bool wideIndex = index == Register.None || index.IsGPR64();
        bool narrowAbsolute = @base == Register.None && index == Register.None && i.MemoryDisplSize == 4;
        if (!wideBase || !wideIndex || narrowAbsolute || i.Code is >= Code.Mov_AL_moffs8 and <= Code.Mov_moffs64_RAX)
        {
            return false;
        }

        int segment = i.MemorySegment switch
        {
            Register.FS => CpuState.SegmentBaseOffset + (SegmentIndex.Fs * 16),
            Register.GS => CpuState.SegmentBaseOffset + (SegmentIndex.Gs * 16),
            _ => 0,
        };
        bool absolute = @base is Register.None or Register.RIP;
        plan = new MemoryPlan(
            absolute ? None : @base - Register.RAX,
            index == Register.None ? None : index - Register.RAX,
            System.Numerics.BitOperations.Log2((uint)i.MemoryIndexScale),
            segment,
            i.MemoryDisplacement64);
        return true;
    }

    /// <summary>Writes code that leaves the linear address in R10; changes no flags.</summary>
    /// <param name="a">The assembler.</param>
    /// <returns>True when R11 was used, so that the code cannot be repeated while R11 holds something.</returns>
    public bool WriteAddress(HostAssembler a)
    {
        bool usesR11 = false;
        int displacement = (int)_displacement;
        if (_base == None && _index == None)
        {
            if (_segmentOffset == 0)
            {
                a.Constant(HostRegister.R10, _displacement);
                return false;
            }

            a.Load(HostRegister.R10, Thunks.State(_segmentOffset));
            if ((ulong)displacement == _displacement)
            {
                a.Lea(HostRegister.R10, new HostOperand(HostRegister.R10, displacement));
                return false;
            }

            a.Constant(HostRegister.R11, _displacement);
            a.Lea(HostRegister.R10, new HostOperand(HostRegister.R10, 0, HostRegister.R11));
            return true;
        }

        if (_segmentOffset != 0 || _base == None)
        {
            if (_segmentOffset != 0)
            {
                a.Load(HostRegister.R10, Thunks.State(_segmentOffset));
            }
            else
            {
                a.Constant(HostRegister.R10, 0);
            }

            if (_base != None)
            {
                usesR11 |= Add(a, _base, 0, _index == None ? displacement : 0);
            }

            if (_index != None)
            {
                usesR11 |= Add(a, _index, _scale, displacement);
            }

            return usesR11;
        }

        int hostBase = HostRegister.Of(_base);
        if (_index == None)
        {
            if (hostBase < 0)
            {
                a.Load(HostRegister.R10, Slot(_base));
                hostBase = HostRegister.R10;
            }

            a.Lea(HostRegister.R10, new HostOperand(hostBase, displacement));
            return false;
        }

        int hostIndex = HostRegister.Of(_index);
        if (hostBase < 0)
        {
            a.Load(HostRegister.R10, Slot(_base));
            return Add(a, _index, _scale, displacement);
        }

        if (hostIndex < 0)
        {
            a.Load(HostRegister.R10, Slot(_index));
            hostIndex = HostRegister.R10;
        }

        a.Lea(HostRegister.R10, new HostOperand(hostBase, displacement, hostIndex, _scale));
        return false;
    }

    private static HostOperand Slot(int guest) => Thunks.State(CpuState.GprOffset + (guest * 8));

    private static bool Add(HostAssembler a, int guest, int scale, int displacement)
    {
        int host = HostRegister.Of(guest);
        bool fromState = host < 0;
        if (fromState)
        {
            a.Load(HostRegister.R11, Slot(guest));
            host = HostRegister.R11;
        }

        a.Lea(HostRegister.R10, new HostOperand(HostRegister.R10, displacement, host, scale));
        return fromState;
    }
}
