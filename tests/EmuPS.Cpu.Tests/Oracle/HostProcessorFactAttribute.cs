using Xunit;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>A test that needs the real processor: skipped, visibly, where it is not x86-64 under Linux.</summary>
public sealed class HostProcessorFactAttribute : FactAttribute
{
    /// <summary>Marks a test.</summary>
    public HostProcessorFactAttribute() => Skip = HostProcessor.SkipReason;
}
