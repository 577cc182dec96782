using System.Runtime.InteropServices;

namespace EmuPS.Cpu.State;

/// <summary>One entry of a software TLB: guest address + <see cref="Delta"/> = host address, when address - <see cref="Tag"/> is below 4096.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TlbEntry
{
    /// <summary>Linear address of the page. An empty entry holds a page that never indexes to this entry.</summary>
    public ulong Tag;

    /// <summary>Host address of the page minus its linear address.</summary>
    public ulong Delta;
}
