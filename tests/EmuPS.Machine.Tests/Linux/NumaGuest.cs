namespace EmuPS.Machine.Tests.Linux;

/// <summary>Two nodes, and a cold-plugged DIMM on the second.</summary>
public sealed class NumaGuest() : LinuxGuest(
    "-m 512M,slots=4,maxmem=8G -numa node,mem=256M,cpus=0 -numa node,mem=256M -numa dist,src=0,dst=1,val=21 "
    + "-object memory-backend-ram,id=mem-cold,size=128M -device pc-dimm,id=cold,memdev=mem-cold,node=1");
