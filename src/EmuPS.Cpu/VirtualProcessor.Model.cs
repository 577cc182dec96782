using EmuPS.Cpu.Cpuid;

namespace EmuPS.Cpu;

/// <summary>What the processor claims to be, and its source of random numbers.</summary>
public sealed unsafe partial class VirtualProcessor
{
    private CpuidModel? _model;

    /// <summary>The processor model, the same for all processors of the machine; made at first use from what the interpreter offers.</summary>
    internal CpuidModel Model => _model ??= Group.Model(Tsc.Frequency, HostVectors);

    /// <summary>Source of RDRAND and RDSEED.</summary>
    internal GuestRandom Random { get; } = new();

    /// <summary>Makes RDRAND and RDSEED repeatable: the same seed gives the same numbers. Without it they come from the host's generator.</summary>
    /// <param name="seed">Any value; the processor's index is mixed in.</param>
    public void SeedRandom(ulong seed) => Random.Seed(seed, Index);
}
