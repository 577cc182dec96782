using EmuPS.Core.Native;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>A test that needs a host whose lost pages can be replaced.</summary>
internal sealed class LossFactAttribute : FactAttribute
{
    internal const string Reason = "Lost pages are replaced on Linux with an x86-64 processor only.";

    public LossFactAttribute() => Skip = GuardedRange.IsSupported ? null : Reason;
}
