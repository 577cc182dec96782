using System.Runtime.CompilerServices;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter;

/// <summary>The one way to guest memory for handlers: an inline TLB hit gives a host pointer, otherwise one slow call gives a host pointer, the bounce buffer, or null with the fault recorded.</summary>
/// <remarks>
/// Load: <c>T* p = Memory.Load&lt;T&gt;(s, address); if (p == null) return Fault.Raise(s, op);</c>
/// Store: <c>if (!Memory.Store(s, address, value)) return Fault.Raise(s, op);</c>
/// Read-modify-write: <c>T* p = Memory.Modify&lt;T&gt;(s, address)</c>, null check, change *p, then <c>Memory.Commit(s, p)</c>. A pointer is good until the next access.
/// </remarks>
internal static unsafe class Memory
{
    /// <summary>Gives a pointer from which the operand can be read.</summary>
    /// <typeparam name="T">1 to 64 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Load<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        TlbEntry* entry = s->ReadTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag <= (ulong)(0x1000 - sizeof(T))
            ? (T*)(address + entry->Delta)
            : (T*)SlowMemory.Load(s, address, sizeof(T));
    }

    /// <summary>Stores a value.</summary>
    /// <typeparam name="T">1 to 64 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when a fault was recorded; nothing was stored then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<T>(CpuState* s, ulong address, T value)
        where T : unmanaged
    {
        TlbEntry* entry = s->WriteTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        if (address - entry->Tag <= (ulong)(0x1000 - sizeof(T)))
        {
            *(T*)(address + entry->Delta) = value;
            return true;
        }

        return StoreSlow(s, address, value);
    }

    /// <summary>Gives a pointer to an operand that will be read and written, or written by other means than a plain value.</summary>
    /// <typeparam name="T">1 to 64 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Modify<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        TlbEntry* entry = s->WriteTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag <= (ulong)(0x1000 - sizeof(T))
            ? (T*)(address + entry->Delta)
            : (T*)SlowMemory.Modify(s, address, sizeof(T));
    }

    /// <summary>Gives a pointer to the operand of an instruction that is atomic on memory. Null may also mean that the instruction is to be executed again, alone: <c>Fault.Raise</c> sees to that.</summary>
    /// <typeparam name="T">1 to 16 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* ModifyLocked<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        TlbEntry* entry = s->WriteTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag <= (ulong)(0x1000 - sizeof(T))
            ? (T*)(address + entry->Delta)
            : (T*)SlowMemory.ModifyLocked(s, address, sizeof(T));
    }

    /// <summary>Gives a pointer from which an operand of any size can be read.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    public static byte* Load(CpuState* s, ulong address, int size)
    {
        TlbEntry* entry = s->ReadTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag <= (ulong)(0x1000 - size)
            ? (byte*)(address + entry->Delta)
            : (byte*)SlowMemory.Load(s, address, size);
    }

    /// <summary>Gives a pointer to an operand of any size that will be written as a whole; <see cref="Commit"/> completes it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    public static byte* Overwrite(CpuState* s, ulong address, int size)
    {
        TlbEntry* entry = s->WriteTlb + ((address >> 12) & (CpuState.TlbEntries - 1));
        return address - entry->Tag <= (ulong)(0x1000 - size)
            ? (byte*)(address + entry->Delta)
            : (byte*)SlowMemory.Modify(s, address, size, readFirst: false);
    }

    /// <summary>Completes a read-modify-write: acts only when the pointer is the bounce buffer. Must follow the change directly.</summary>
    /// <param name="s">The state.</param>
    /// <param name="pointer">What <see cref="Modify{T}"/> gave.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Commit(CpuState* s, void* pointer)
    {
        if (pointer == s->Bounce)
        {
            SlowMemory.Commit(s);
        }
    }

    /// <summary>Checks that bytes can be read, without reading: for instructions with several accesses, before any side effect.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">Any number of bytes from 1 to 4096.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool ProbeRead(CpuState* s, ulong address, int size)
        => Hits(s->ReadTlb, address, size) || SlowMemory.Probe(s, address, size, write: false);

    /// <summary>Checks that bytes can be written, without writing.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">Any number of bytes from 1 to 4096.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool ProbeWrite(CpuState* s, ulong address, int size)
        => Hits(s->WriteTlb, address, size) || SlowMemory.Probe(s, address, size, write: true);

    private static bool Hits(TlbEntry* tlb, ulong address, int size)
        => address - tlb[(address >> 12) & (CpuState.TlbEntries - 1)].Tag <= (ulong)(0x1000 - size);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool StoreSlow<T>(CpuState* s, ulong address, T value)
        where T : unmanaged
    {
        T* pointer = (T*)SlowMemory.Modify(s, address, sizeof(T), readFirst: false);
        if (pointer is null)
        {
            return false;
        }

        *pointer = value;
        Commit(s, pointer);
        return true;
    }
}
