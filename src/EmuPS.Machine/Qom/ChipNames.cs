namespace EmuPS.Machine.Qom;

/// <summary>QEMU's type names for the chips of a PC.</summary>
internal static class ChipNames
{
    /// <summary>Gives QEMU's name for a chip.</summary>
    /// <param name="className">The name of the class that models it.</param>
    internal static string TypeOf(string className) => className switch
    {
        "Uart16550" => "isa-serial",
        "I8254Pit" => "isa-pit",
        "SpeakerPort" => "isa-pcspk",
        "CmosRtc" => "mc146818rtc",
        "Port" => "i8042",
        "Hpet" => "hpet",
        "IoApic" => "ioapic",
        "LocalApic" => "apic",
        "SelectorAndData" or "DmaRegister" => "fw_cfg_io",
        "DebugConsole" => "isa-debugcon",
        "IsaDebugExit" => "isa-debug-exit",
        "PvPanic" => "pvpanic",
        "ByteArrayWindow" or "WriteOnlyPort" => "pc-testdev",
        "FastA20" => "port92",
        "Port80" => "ioport80",
        "AddressRegister" or "DataWindow" => "i440FX-pcihost",
        "EdgeLevelControl" or "ResetControl" => "PIIX3",
        "MemoryHotplugRegisters" => "acpi-mem-hotplug",
        "I8259" => "isa-i8259",
        "RegisterBlock" or "GeneralEventBlock" or "SmiCommandPorts" => "PIIX4_PM",
        _ => className,
    };

    /// <summary>Whether QEMU has a device type of this name of which there are no devices.</summary>
    /// <param name="type">The name.</param>
    internal static bool IsAbstract(string type) => type is "device" or "fw_cfg" or "isa-device" or "pci-device" or "sys-bus-device";

    /// <summary>Whether this is a chip that a machine has or has not, and that nobody can add.</summary>
    /// <param name="type">QEMU's name for it.</param>
    internal static bool IsBuiltIn(string type) => type is "hpet" or "ioapic" or "apic" or "isa-pit" or "isa-pcspk" or "isa-i8259" or "port92" or "fw_cfg_io" or "i440FX" or "i440FX-pcihost" or "PIIX3" or "PIIX4_PM";

    /// <summary>Whether this is a chip on the ISA bus, where nothing can be plugged while the machine is there.</summary>
    /// <param name="type">QEMU's name for it.</param>
    internal static bool IsOnIsaBus(string type) => type is "isa-serial" or "i8042" or "mc146818rtc" or "isa-debugcon" or "isa-debug-exit" or "pc-testdev" or "pvpanic";

    /// <summary>Why a chip cannot be unplugged.</summary>
    /// <param name="type">QEMU's name for it.</param>
    internal static string WhyItStays(string type) => type switch
    {
        "apic" or "hpet" or "ioapic" or "i440FX-pcihost" or "fw_cfg_io" => "Bus 'main-system-bus' does not support hotplugging",
        "i440FX" or "PIIX3" or "PIIX4_PM" => $"Device '{type}' does not support hotplugging",
        _ => "Bus 'isa.0' does not support hotplugging",
    };
}
