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

    // 32-bit code: sums wrap at 4 GiB, whatever the upper halves of the registers hold.
    private readonly bool _wraps;

    private MemoryPlan(int @base, int index, int scale, int segmentOffset, ulong displacement, bool wraps)
    {
        _wraps = wraps;
        _base = @base;
        _index = index;
        _scale = scale;
        _segmentOffset = segmentOffset;
        _displacement = displacement;
    }

    /// <summary>Whether the operand can be reached through the guest base's own host register.</summary>
    public bool IsBaseOnly => !_wraps && _segmentOffset == 0 && _index == None && _base != None && HostRegister.Of(_base) >= 0;

    /// <summary>Guest register by which the access has a page cell; -1 for one that looks into the TLB at once: without a base, or relative to FS or GS.</summary>
    public int CellRegister => _segmentOffset == 0 ? _base : None;

    /// <summary>Host register of the base; only when <see cref="IsBaseOnly"/>.</summary>
    public int HostBase => HostRegister.Of(_base);

    /// <summary>The displacement; only when <see cref="IsBaseOnly"/>.</summary>
    public int Displacement => (int)_displacement;

    /// <summary>A plan for a register plus a constant.</summary>
    /// <param name="guestBase">Guest register.</param>
    /// <param name="displacement">The constant.</param>
    /// <param name="wraps">Whether the sum wraps at 4 GiB, as in 32-bit code.</param>
    public static MemoryPlan Of(int guestBase, int displacement, bool wraps) => new(guestBase, None, 0, 0, (ulong)(long)displacement, wraps);

    /// <summary>Plans the explicit memory operand of an instruction in 64-bit mode or in 32-bit code with flat segments.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>False for forms that are left to the interpreter: in 64-bit mode 32-bit addresses and 64-bit offsets, in 32-bit code 16-bit addresses.</returns>
    public static bool TryMake(in Instruction i, out MemoryPlan plan)
    {
        if (i.CodeSize == CodeSize.Code32)
        {
            return TryMake32(i, out plan);
        }

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

        bool absolute = @base is Register.None or Register.RIP;
        plan = new MemoryPlan(
            absolute ? None : @base - Register.RAX,
            index == Register.None ? None : index - Register.RAX,
            System.Numerics.BitOperations.Log2((uint)i.MemoryIndexScale),
            SegmentOffset(i.MemorySegment),
            i.MemoryDisplacement64,
            wraps: false);
        return true;
    }

    private static bool TryMake32(in Instruction i, out MemoryPlan plan)
    {
        Register @base = i.MemoryBase;
        Register index = i.MemoryIndex;
        bool wide = (@base == Register.None || @base.IsGPR32()) && (index == Register.None || index.IsGPR32())
            && (@base != Register.None || index != Register.None || i.MemoryDisplSize == 4);
        plan = new MemoryPlan(
            @base == Register.None ? None : @base - Register.EAX,
            index == Register.None ? None : index - Register.EAX,
            System.Numerics.BitOperations.Log2((uint)i.MemoryIndexScale),
            SegmentOffset(i.MemorySegment),
            i.MemoryDisplacement32,
            wraps: true);
        return wide;
    }

    private static int SegmentOffset(Register segment) => segment switch
    {
        Register.FS => CpuState.SegmentBaseOffset + (SegmentIndex.Fs * 16),
        Register.GS => CpuState.SegmentBaseOffset + (SegmentIndex.Gs * 16),
        _ => 0,
    };

    /// <summary>Writes code that leaves the linear address in R10; changes no flags.</summary>
    /// <param name="a">The assembler.</param>
    /// <returns>True when R11 was used, so that the code cannot be repeated while R11 holds something.</returns>
    public bool WriteAddress(HostAssembler a)
    {
        if (_wraps)
        {
            WriteWrapping(a);
            return false;
        }

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

    /// <summary>The sum of 32-bit code: every register of it is in a host register, and the last LEA cuts all of it at once.</summary>
    private void WriteWrapping(HostAssembler a)
    {
        int displacement = (int)_displacement;
        if (_segmentOffset == 0 && _base != None)
        {
            Lea32(a, HostRegister.Of(_base), displacement, _index == None ? None : HostRegister.Of(_index));
            return;
        }

        if (_segmentOffset == 0)
        {
            a.Constant(HostRegister.R10, (uint)_displacement);
            if (_index != None)
            {
                Lea32(a, HostRegister.R10, 0, HostRegister.Of(_index));
            }

            return;
        }

        a.Load(HostRegister.R10, Thunks.State(_segmentOffset));
        if (_base != None && _index != None)
        {
            a.Lea(HostRegister.R10, new HostOperand(HostRegister.R10, 0, HostRegister.Of(_base)));
        }

        int last = _index != None ? _index : _base;
        Lea32(a, HostRegister.R10, displacement, last == None ? None : HostRegister.Of(last));
    }

    /// <summary>LEA R10D, [...].</summary>
    private void Lea32(HostAssembler a, int @base, int displacement, int index)
        => a.Memory(0x8D, HostRegister.R10, new HostOperand(@base, displacement, index, _scale), wide: false);

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
