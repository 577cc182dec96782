using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>A guest that was given a DIMM, and asked for it back, before its first instruction.</summary>
public sealed class EarlyRequestGuest() : LinuxGuest("-m 512M,slots=4,maxmem=8G")
{
    /// <summary>The DIMM that was there before the boot.</summary>
    public DimmInfo Early { get; private set; } = null!;

    /// <inheritdoc/>
    public override Task BootAsync()
    {
        Plug("early", 128);
        Early = Hotplug.RequestRemoval("early");
        return base.BootAsync();
    }
}
