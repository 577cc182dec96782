namespace EmuPS.Cpu.Translation;

/// <summary>A host memory operand: base + index * 2^scale + displacement, registers by number, -1 for none. An operand without a base is not used.</summary>
/// <param name="Base">Base register, 0 to 15.</param>
/// <param name="Displacement">Signed displacement.</param>
/// <param name="Index">Index register, or -1.</param>
/// <param name="Scale">0 to 3.</param>
internal readonly record struct HostOperand(int Base, int Displacement, int Index = -1, int Scale = 0);
