using System.Diagnostics.CodeAnalysis;

namespace EmuPS.Objects;

/// <summary>A NUMA node of the guest, as <c>Start-EmuVM -NumaNode</c> describes it: a hashtable with these keys.</summary>
public sealed class EmuNumaNodeSpec
{
    /// <summary>The part of the VM's initial memory that is on it.</summary>
    public EmuByteSize Memory { get; set; }

    /// <summary>Its processors, by number.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "A hashtable's array is what is set here.")]
    public int[] Cpu { get; set => field = value ?? []; } = [];
}
