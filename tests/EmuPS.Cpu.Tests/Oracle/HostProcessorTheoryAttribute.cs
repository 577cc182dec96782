using Xunit;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>A theory that needs the real processor: skipped, visibly, where it is not x86-64 under Linux.</summary>
public sealed class HostProcessorTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks a theory.</summary>
    public HostProcessorTheoryAttribute() => Skip = HostProcessor.SkipReason;
}
