using System.Collections.Generic;

namespace EmuPS.Cpu.Cpuid;

/// <summary>One feature that CPUID can announce.</summary>
/// <param name="Name">Name as the SDM and Linux use it.</param>
/// <param name="Leaf">CPUID leaf.</param>
/// <param name="Subleaf">Subleaf.</param>
/// <param name="Register">Register of the bit.</param>
/// <param name="Bit">Number of the bit.</param>
/// <param name="Instructions">Machine code (hexadecimal, 64-bit mode) of instructions that must be offered for the feature to be announced; none for features that are no instructions.</param>
internal sealed record CpuidFeatureBit(string Name, uint Leaf, uint Subleaf, CpuidRegister Register, int Bit, IReadOnlyList<string> Instructions);
