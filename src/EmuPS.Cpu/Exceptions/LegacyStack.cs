using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Exceptions;

/// <summary>The stack that an interrupt frame is pushed on outside IA-32e mode, 16 or 32 bits wide.</summary>
internal unsafe struct LegacyStack
{
    private readonly CpuState* _state;
    private readonly Segment _segment;
    private readonly int _width;
    private uint _pointer;

    /// <summary>Takes a stack.</summary>
    /// <param name="s">The state.</param>
    /// <param name="segment">The stack segment.</param>
    /// <param name="pointer">Its pointer.</param>
    /// <param name="width">Bytes of a push: 2 or 4.</param>
    public LegacyStack(CpuState* s, Segment segment, uint pointer, int width)
    {
        _state = s;
        _segment = segment;
        _pointer = pointer;
        _width = width;
    }

    /// <summary>Whether a push faulted (recorded).</summary>
    public bool Failed { get; private set; }

    /// <summary>Pushes a value, unless an earlier push failed.</summary>
    /// <param name="value">The value.</param>
    public void Push(uint value)
    {
        if (Failed)
        {
            return;
        }

        _pointer -= (uint)_width;
        uint offset = _segment.IsBig ? _pointer : (ushort)_pointer;
        ulong address = (uint)(_segment.Base + offset);
        Failed = _width == 4 ? !SystemMemory.Write(_state, address, value) : !SystemMemory.Write(_state, address, (ushort)value);
    }

    /// <summary>Stores the pointer into ESP or SP.</summary>
    public readonly void SetPointer()
    {
        if (_segment.IsBig)
        {
            _state->Gpr[4] = _pointer;
        }
        else
        {
            *(ushort*)(_state->Gpr + 4) = (ushort)_pointer;
        }
    }

    /// <summary>Reads the stack of a more privileged level from the TSS and checks it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="cpl">The new level.</param>
    /// <param name="external">The EXT bit of error codes.</param>
    /// <param name="stack">The stack segment.</param>
    /// <param name="pointer">Its pointer.</param>
    public static bool TrySwitch(CpuState* s, int cpl, uint external, out Segment stack, out uint pointer)
    {
        stack = default;
        pointer = 0;
        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        bool wide = (tr->Attributes & 8) != 0;
        uint offset = wide ? 4u + (8u * (uint)cpl) : 2u + (4u * (uint)cpl);
        if (offset + (wide ? 7u : 3u) > tr->Limit)
        {
            Fault.Record(s, Vector.InvalidTss, (tr->Selector & 0xFFFCu) | external);
            return false;
        }

        ushort selector;
        if (wide)
        {
            if (!SystemMemory.Read(s, tr->Base + offset, out pointer) || !SystemMemory.Read(s, tr->Base + offset + 4, out selector))
            {
                return false;
            }
        }
        else
        {
            if (!SystemMemory.Read(s, tr->Base + offset, out ushort narrow) || !SystemMemory.Read(s, tr->Base + offset + 2, out selector))
            {
                return false;
            }

            pointer = narrow;
        }

        uint error = (selector & 0xFFFCu) | external;
        if ((selector & 0xFFFC) == 0 || (selector & 3) != cpl)
        {
            Fault.Record(s, Vector.InvalidTss, error);
            return false;
        }

        if (!TryReadDescriptor(s, selector, Vector.InvalidTss, error, out Descriptor descriptor))
        {
            return false;
        }

        if (!descriptor.IsWritableData || descriptor.Dpl != cpl)
        {
            Fault.Record(s, Vector.InvalidTss, error);
            return false;
        }

        if (!descriptor.IsPresent)
        {
            Fault.Record(s, Vector.StackFault, error);
            return false;
        }

        stack = descriptor.ToSegment(selector);
        return true;
    }

    /// <summary>Reads a descriptor from the GDT or the LDT.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="vector">The exception when it lies outside its table.</param>
    /// <param name="error">That exception's error code.</param>
    /// <param name="descriptor">The descriptor.</param>
    public static bool TryReadDescriptor(CpuState* s, ushort selector, int vector, uint error, out Descriptor descriptor)
    {
        descriptor = default;
        ulong table = s->GdtBase;
        uint limit = s->GdtLimit;
        if ((selector & 4) != 0)
        {
            Segment* ldt = CpuState.Seg(s, SegmentIndex.Ldtr);
            table = ldt->Base;
            limit = ldt->IsPresent ? ldt->Limit : 0;
        }

        if ((selector | 7u) > limit)
        {
            Fault.Record(s, vector, error);
            return false;
        }

        if (!SystemMemory.Read(s, table + (selector & 0xFFF8u), out ulong raw))
        {
            return false;
        }

        descriptor = new Descriptor(raw);
        return true;
    }
}
