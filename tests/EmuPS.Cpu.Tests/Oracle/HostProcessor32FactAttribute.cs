using Xunit;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>A test that needs the real processor to run 32-bit code: skipped, visibly, where the kernel or the hypervisor does not let it.</summary>
public sealed class HostProcessor32FactAttribute : FactAttribute
{
    /// <summary>Marks a test.</summary>
    public HostProcessor32FactAttribute() => Skip = HostProcessor.SkipReason32;
}
