namespace EmuPS.Machine.Tests.Linux;

/// <summary>All the slots that a PC can have. Half of the initial memory goes into the kernel's records of the pages to come.</summary>
public sealed class ManyDimmsGuest() : LinuxGuest("-m 1G,slots=256,maxmem=40G");
