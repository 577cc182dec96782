namespace EmuPS.Machine.Logging;

/// <summary>Where a machine writes its log, and how much.</summary>
/// <param name="Path">Absolute path of the file; it is made, or written on at its end.</param>
/// <param name="Level">The least level that is written.</param>
public sealed record MachineLogOptions(string Path, MachineLogLevel Level = MachineLogLevel.Information);
