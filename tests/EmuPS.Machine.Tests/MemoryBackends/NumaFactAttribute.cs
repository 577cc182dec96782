using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>A test that binds memory to node 0 of the host; where that is not possible it is shown as skipped.</summary>
internal sealed class NumaFactAttribute : FactAttribute
{
    public NumaFactAttribute() => Skip = HostFacts.HasBinding() ? null : "The host has no NUMA nodes, or forbids mbind (containers often do).";
}
