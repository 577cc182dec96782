namespace EmuPS.Machine.Pc;

/// <summary>Where everything sits in the port and memory spaces of the PC, and on which interrupt: QEMU's machine <c>pc</c>. Nowhere else are these numbers written.</summary>
internal static class PcIoPorts
{
    public const ushort PicMaster = 0x20;
    public const ushort PicSlave = 0xA0;
    public const ushort PicEdgeLevel = 0x4D0;
    public const ushort Pit = 0x40;
    public const ushort KeyboardData = 0x60;
    public const ushort Speaker = 0x61;
    public const ushort KeyboardCommand = 0x64;
    public const ushort Rtc = 0x70;
    public const ushort Port80 = 0x80;
    public const ushort FastA20 = 0x92;
    public const ushort SmiCommand = 0xB2;
    public const ushort TestScratch = 0xE0;
    public const ushort TestFlush = 0xE4;
    public const ushort DebugConsole = 0xE9;
    public const ushort DebugExit = 0xF4;
    public const ushort Serial2 = 0x2F8;
    public const ushort Serial1 = 0x3F8;
    public const ushort Panic = 0x505;
    public const ushort FwCfg = 0x510;
    public const ushort FwCfgDma = 0x514;
    public const ushort PowerManagement = 0x600;
    public const int PowerManagementLength = 0x40;
    public const ushort MemoryHotplug = 0x0A00;
    public const int MemoryHotplugLength = 0x18;
    public const ushort PciAddress = 0xCF8;
    public const ushort ResetControl = 0xCF9;
    public const ushort PciData = 0xCFC;
    public const ushort TestInterrupts = 0x2000;
    public const ushort GeneralEvents = 0xAFE0;
    public const int GeneralEventsLength = 4;

    public const uint IoApic = 0xFEC0_0000;
    public const uint Hpet = 0xFED0_0000;
    public const uint HpetLength = 0x400;
    public const uint LocalApic = 0xFEE0_0000;
    public const uint TestMemory = 0xFF00_0000;
    public const uint TestMemoryLength = 0x1_0000;

    public const int KeyboardIrq = 1;
    public const int Serial2Irq = 3;
    public const int Serial1Irq = 4;
    public const int RtcIrq = 8;
    public const int SciIrq = 9;
    public const int MouseIrq = 12;

    /// <summary>The general-purpose event of memory hotplug.</summary>
    public const int MemoryHotplugGpe = 3;
}
