using System;
using System.Threading;
using EmuPS.Core.Addresses;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Core.Processor;
using EmuPS.Core.Time;
using EmuPS.Cpu;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Devices.Acpi;
using EmuPS.Devices.Firmware;
using EmuPS.Devices.Interrupts;
using EmuPS.Devices.Keyboard;
using EmuPS.Devices.Panic;
using EmuPS.Devices.Pci;
using EmuPS.Devices.Serial;
using EmuPS.Devices.Testing;
using EmuPS.Devices.Timers;

namespace EmuPS.Machine.Pc;

/// <summary>Puts a PC together: the bill of materials and the wiring. Memory and the hotplug registers come from their manager.</summary>
internal static class PcBuilder
{
    /// <summary>Builds the parts; guest time stands still.</summary>
    /// <param name="options">What the machine is made of.</param>
    /// <param name="owner">Hears of resets and the end.</param>
    /// <param name="anomalies">Hears of what is not modelled.</param>
    /// <param name="debugOutput">Takes what is written to the debug console.</param>
    public static PcHardware Build(MachineOptions options, IPcOwner owner, AnomalyCounter anomalies, Action<byte> debugOutput)
    {
        // The frame: lock, time, buses, processor.
        Lock deviceLock = new();
        RealTimeClock clock = new();
        clock.Pause();
        TimerQueue timers = new(clock, deviceLock, $"EmuPS {options.Name} timers");
        timers.Pause();
        GuestPhysicalMemory memory = new();
        IoPortBus ports = new(deviceLock, anomalies);
        GuestTimeStampCounter tsc = new(clock);
        ProcessorGroup group = new(options.CpuCount);

        // Interrupts: the 8259 pair behind LINT0 of the first processor, the IOAPIC on the APIC bus.
        ApicBus apicBus = new();
        LocalApic? first = null;
        I8259Pair pic = new(asserted => first!.SetExternalInterrupt(asserted), deviceLock);
        VirtualProcessor[] processors = new VirtualProcessor[options.CpuCount];
        for (int i = 0; i < processors.Length; i++)
        {
            VirtualProcessor processor = new(i, memory, ports, tsc, anomalies, deviceLock, options.Translate, group, options.SplitWx) { LockStep = options.LockStep };
            LocalApic apic = new((uint)i, bootstrap: i == 0, apicBus, processor, i == 0 ? pic : null, timers, tsc, ProcessorFrequencies.CrystalHz);
            processor.LocalApic = apic;
            processors[i] = processor;
            first ??= apic;
        }

        IoApic ioApic = new(apicBus, deviceLock);
        apicBus.EndOfInterrupt = ioApic.EndOfInterrupt;
        InterruptRouter interrupts = new(pic, ioApic);

        // Time: the PIT and the real-time clock reach their interrupts through the HPET, which can take their places.
        Hpet hpet = new(timers, interrupts.GetInput);
        I8254Pit pit = new(timers, hpet.PitInput);
        SpeakerPort speaker = new(pit, clock);
        CmosRtc rtc = new(timers, hpet.RtcInput, () => DateTimeOffset.UtcNow);

        // Input, output, power.
        SerialChannel channel1 = new(deviceLock);
        SerialChannel channel2 = new(deviceLock);
        Uart16550 serial1 = new(interrupts.GetInput(PcIoPorts.Serial1Irq), channel1.Transmit, deviceLock);
        Uart16550 serial2 = new(interrupts.GetInput(PcIoPorts.Serial2Irq), channel2.Transmit, deviceLock);
        channel1.Connect(serial1);
        channel2.Connect(serial2);
        I8042 keyboard = new(interrupts.GetInput(PcIoPorts.KeyboardIrq), interrupts.GetInput(PcIoPorts.MouseIrq), owner.OnGuestReset, IgnoreA20);
        FastA20 fastA20 = new(owner.OnGuestReset, IgnoreA20);
        AcpiPowerManagement power = new(timers, interrupts.GetInput(PcIoPorts.SciIrq), owner.OnSleep);
        ResetControl resetControl = new(owner.OnGuestReset);
        PciHost pci = new(resetControl);
        bool hasFirmware = options.Boot.FirmwarePath is not null;
        I440Fx hostBridge = new(hasFirmware ? owner.OnShadowChanged : null);
        Piix4Pm powerFunction = new(hasFirmware ? PlacePower : null);
        pci.Attach(0, 0, hostBridge);
        pci.Attach(1, 0, new Piix3Isa(initialized: !hasFirmware));
        pci.Attach(1, 3, powerFunction);
        FwCfg firmware = new(memory);
        Port80 port80 = new();

        MapPorts();
        PhysicalMemoryMap map = PhysicalMemoryMap.Empty
            .With(new MmioRegion(new AddressRange(PcIoPorts.IoApic, ByteSize.Page), ioApic))
            .With(new MmioRegion(new AddressRange(PcIoPorts.Hpet, PcIoPorts.HpetLength), hpet));
        PcHardware hardware = new()
        {
            DeviceLock = deviceLock,
            Clock = clock,
            Timers = timers,
            Memory = memory,
            Ports = ports,
            Processors = processors,
            Group = group,
            Power = power,
            Configuration = firmware,
            HostBridge = hostBridge,
            PowerFunction = powerFunction,
            Serial1 = channel1,
            Serial2 = channel2,
        };
        if (options.HasTestDevice)
        {
            PcTestDevice test = new(interrupts.GetInput);
            ports.Map(PcIoPorts.TestScratch, 4, test.ScratchPorts);
            ports.Map(PcIoPorts.TestFlush, 4, test.FlushPort);
            ports.Map(PcIoPorts.TestInterrupts, PcTestDevice.Interrupts, test.InterruptPorts);
            map = map.With(new MmioRegion(new AddressRange(PcIoPorts.TestMemory, PcIoPorts.TestMemoryLength), test.MemoryWindow));
            hardware.AddReset(test.Reset);
        }

        memory.Replace(map);
        PcFirmware.Describe(options.Memory, options.CpuCount, firmware, rtc, hasFirmware);

        // Sources of interrupts first, so that no wire is left asserted when the controllers start anew.
        Action[] resets =
        [
            pit.Reset, speaker.Reset, rtc.Reset, hpet.Reset, serial1.Reset, serial2.Reset, keyboard.Reset, fastA20.Reset, power.Reset,
            resetControl.Reset, pci.Reset, firmware.Reset, port80.Reset, pic.Reset, ioApic.Reset,
        ];
        foreach (Action reset in resets)
        {
            hardware.AddReset(reset);
        }

        return hardware;

        // Where other devices are, the registers stay off.
        void PlacePower(ushort? first)
        {
            ports.Unmap(power.Registers);
            if (first is { } port)
            {
                ports.TryMap(port, PcIoPorts.PowerManagementLength, power.Registers);
            }
        }

        void MapPorts()
        {
            ports.Map(PcIoPorts.PicMaster, 2, pic.Master);
            ports.Map(PcIoPorts.PicSlave, 2, pic.Slave);
            ports.Map(PcIoPorts.PicEdgeLevel, 2, pic.EdgeLevelControl);
            ports.Map(PcIoPorts.Pit, 4, pit);
            ports.Map(PcIoPorts.KeyboardData, 1, keyboard.DataPort);
            ports.Map(PcIoPorts.Speaker, 1, speaker);
            ports.Map(PcIoPorts.KeyboardCommand, 1, keyboard.CommandPort);
            ports.Map(PcIoPorts.Rtc, 2, rtc);
            ports.Map(PcIoPorts.Port80, 1, port80);
            ports.Map(PcIoPorts.FastA20, 1, fastA20);
            ports.Map(PcIoPorts.SmiCommand, 2, power.SmiCommand);
            ports.Map(PcIoPorts.Serial1, 8, serial1);
            ports.Map(PcIoPorts.Serial2, 8, serial2);
            ports.Map(PcIoPorts.FwCfg, 2, firmware.Ports);
            ports.Map(PcIoPorts.FwCfgDma, 8, firmware.Dma);
            if (!hasFirmware)
            {
                ports.Map(PcIoPorts.PowerManagement, PcIoPorts.PowerManagementLength, power.Registers);
            }

            ports.Map(PcIoPorts.GeneralEvents, PcIoPorts.GeneralEventsLength, power.GeneralEvents);
            ports.Map(PcIoPorts.PciAddress, 4, pci.AddressPort);
            ports.Map(PcIoPorts.PciData, 4, pci.DataPort);
            if (options.HasDebugConsole)
            {
                ports.Map(PcIoPorts.DebugConsole, 1, new DebugConsole(debugOutput));
            }

            if (options.Panic is { } panic)
            {
                ports.Map(panic.Port, 1, new PvPanic(panic.Events, owner.OnPanic));
                firmware.AddFile("etc/pvpanic-port", [(byte)panic.Port, (byte)(panic.Port >> 8)]);
            }

            if (options.HasDebugExit)
            {
                ports.Map(PcIoPorts.DebugExit, 4, new IsaDebugExit(owner.OnDebugExit));
            }
        }
    }

    /// <summary>Address line 20 is always open, as on machines of today: no code that needs it closed runs without a BIOS of its time.</summary>
    private static void IgnoreA20(bool open)
    {
    }
}
