namespace EmuPS.Cpu.Translation;

/// <summary>Instructions in a row whose memory accesses go through one base register and share one check.</summary>
/// <param name="First">Number of the first instruction: the check stands before it, so it may come before the first access, where no flags must be kept.</param>
/// <param name="Last">Number of the last instruction, which has an access.</param>
/// <param name="Base">Guest register; it has a host register of its own.</param>
/// <param name="Displacement">Lowest address, from the base register's value before <paramref name="First"/>.</param>
/// <param name="Size">Bytes from the lowest address to the end of the highest access.</param>
/// <param name="Write">Whether any access writes.</param>
internal readonly record struct AccessGroup(int First, int Last, int Base, int Displacement, int Size, bool Write);
