using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>A stack pointer under way: far transfers push and pop through it and commit RSP only when everything succeeded.</summary>
/// <remarks>For system instructions, where the width of the stack is known only at run time; hot instructions use <see cref="GuestStack"/>.</remarks>
internal unsafe struct StackCursor
{
    private readonly ulong _mask;
    private readonly ulong _base;
    private readonly bool _system;

    private StackCursor(ulong pointer, ulong mask, ulong @base, bool system)
    {
        Pointer = pointer & mask;
        _mask = mask;
        _base = @base;
        _system = system;
    }

    /// <summary>The stack pointer, cut to the stack's width.</summary>
    public ulong Pointer { get; private set; }

    /// <summary>The present stack, accessed with the present privilege.</summary>
    /// <param name="s">The state.</param>
    public static StackCursor Current(CpuState* s)
    {
        if ((s->Mode & CpuMode.Long64) != 0)
        {
            return new StackCursor(s->Gpr[GuestStack.Rsp], ulong.MaxValue, 0, false);
        }

        ulong mask = (s->Mode & CpuMode.Stack32) != 0 ? uint.MaxValue : (ulong)ushort.MaxValue;
        return new StackCursor(s->Gpr[GuestStack.Rsp], mask, CpuState.Seg(s, SegmentIndex.Ss)->Base, false);
    }

    /// <summary>A flat 64-bit stack.</summary>
    /// <param name="pointer">RSP.</param>
    /// <param name="system">True for supervisor accesses.</param>
    public static StackCursor Flat(ulong pointer, bool system) => new(pointer, ulong.MaxValue, 0, system);

    /// <summary>The stack of a stack segment that is not yet loaded.</summary>
    /// <param name="pointer">ESP or SP.</param>
    /// <param name="descriptor">The descriptor of the stack segment.</param>
    /// <param name="system">True for supervisor accesses.</param>
    public static StackCursor Segmented(ulong pointer, ulong descriptor, bool system)
        => new(pointer, DescriptorBits.IsBig(descriptor) ? uint.MaxValue : ushort.MaxValue, DescriptorBits.Base(descriptor), system);

    /// <summary>Pushes a value; false when a fault was recorded.</summary>
    /// <param name="s">The state.</param>
    /// <param name="size">2, 4 or 8.</param>
    /// <param name="value">The value, any upper bits.</param>
    public bool Push(CpuState* s, int size, ulong value)
    {
        ulong pointer = (Pointer - (uint)size) & _mask;
        ulong address = Linear(pointer);
        bool done = size switch
        {
            2 => Store(s, address, (ushort)value),
            4 => Store(s, address, (uint)value),
            _ => Store(s, address, value),
        };
        if (done)
        {
            Pointer = pointer;
        }

        return done;
    }

    /// <summary>Pops a value; false when a fault was recorded.</summary>
    /// <param name="s">The state.</param>
    /// <param name="size">2, 4 or 8.</param>
    /// <param name="value">The value, zero-extended.</param>
    public bool Pop(CpuState* s, int size, out ulong value)
    {
        value = 0;
        ulong address = Linear(Pointer);
        void* p = size switch
        {
            2 => Memory.Load<ushort>(s, address),
            4 => Memory.Load<uint>(s, address),
            _ => Memory.Load<ulong>(s, address),
        };
        if (p is null)
        {
            return false;
        }

        value = size switch
        {
            2 => *(ushort*)p,
            4 => *(uint*)p,
            _ => *(ulong*)p,
        };
        Pointer = (Pointer + (uint)size) & _mask;
        return true;
    }

    /// <summary>Drops bytes.</summary>
    /// <param name="bytes">Their number.</param>
    public void Skip(uint bytes) => Pointer = (Pointer + bytes) & _mask;

    /// <summary>Writes the stack pointer back in the stack's width.</summary>
    /// <param name="s">The state.</param>
    public readonly void Commit(CpuState* s)
        => s->Gpr[GuestStack.Rsp] = _mask == ushort.MaxValue ? (s->Gpr[GuestStack.Rsp] & ~0xFFFFUL) | Pointer : Pointer;

    private readonly ulong Linear(ulong pointer) => _mask == ulong.MaxValue ? pointer : (uint)(pointer + _base);

    private readonly bool Store<T>(CpuState* s, ulong address, T value)
        where T : unmanaged
        => _system ? SystemMemory.Write(s, address, value) : Memory.Store(s, address, value);
}
