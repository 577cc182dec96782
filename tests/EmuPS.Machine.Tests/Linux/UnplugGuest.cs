namespace EmuPS.Machine.Tests.Linux;

/// <summary>512 MiB and four slots: whatever a test puts on a DIMM still fits beside it.</summary>
public sealed class UnplugGuest() : LinuxGuest("-m 512M,slots=4,maxmem=8G");
