using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>Tests that measure the process and therefore run when no other does.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
