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
}
