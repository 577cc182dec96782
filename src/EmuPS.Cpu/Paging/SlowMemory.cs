using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Memory accesses that missed the TLB: page walk, TLB fill, page-crossing, devices, pages with code.</summary>
internal static unsafe partial class SlowMemory
{
    public static void* Load(CpuState* s, ulong address, int size) => null;
    public static void* Load(CpuState* s, ulong address, int size, int bank) => null;
    public static void* Modify(CpuState* s, ulong address, int size, bool readFirst = true) => null;
    public static void* Modify(CpuState* s, ulong address, int size, int bank, bool readFirst) => null;
    public static void Commit(CpuState* s) { }
    public static bool Probe(CpuState* s, ulong address, int size, bool write) => false;
}
