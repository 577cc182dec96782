using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Accesses that the processor makes itself, with supervisor rights whatever the privilege level: descriptor tables, TSS, interrupt stacks.</summary>
internal static unsafe class SystemMemory
{
    /// <summary>Reads a value; false when a fault was recorded.</summary>
    /// <typeparam name="T">1 to 16 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="value">The value.</param>
    public static bool Read<T>(CpuState* s, ulong address, out T value)
        where T : unmanaged
    {
        T* p = (T*)SlowMemory.Load(s, address, sizeof(T), 0);
        value = p is null ? default : *p;
        return p is not null;
    }

    /// <summary>Writes a value; false when a fault was recorded.</summary>
    /// <typeparam name="T">1 to 16 bytes.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="value">The value.</param>
    public static bool Write<T>(CpuState* s, ulong address, T value)
        where T : unmanaged
    {
        T* p = (T*)SlowMemory.Modify(s, address, sizeof(T), 0, readFirst: false);
        if (p is null)
        {
            return false;
        }

        *p = value;
        if (p == s->Bounce)
        {
            SlowMemory.Commit(s);
        }

        return true;
    }
}
