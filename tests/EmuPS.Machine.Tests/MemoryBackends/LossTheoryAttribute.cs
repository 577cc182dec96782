using EmuPS.Core.Native;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>As <see cref="LossFactAttribute"/>, with data.</summary>
internal sealed class LossTheoryAttribute : TheoryAttribute
{
    public LossTheoryAttribute() => Skip = GuardedRange.IsSupported ? null : LossFactAttribute.Reason;
}
