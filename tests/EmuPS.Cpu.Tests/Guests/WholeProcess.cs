using Xunit;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Tests that look at memory of the whole process: they run when no other test does.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
