using System;

namespace EmuPS.Machine.Boot;

/// <summary>A part of an ELF file that belongs into memory.</summary>
/// <param name="Address">Physical address.</param>
/// <param name="Content">What the file holds of it.</param>
/// <param name="Length">Its length in memory; zeros follow the content.</param>
internal readonly record struct ElfSegment(ulong Address, ReadOnlyMemory<byte> Content, ulong Length);
