namespace EmuPS.Machine.QemuOptions;

/// <summary>How properties are written, which decides what is accepted and the words of refusal.</summary>
public enum PropertyDialect
{
    /// <summary>JSON of object-add: numbers are numbers.</summary>
    Json,

    /// <summary>Text of the monitor's object_add.</summary>
    MonitorText,

    /// <summary>Text of the command line's -object.</summary>
    CommandLineText,

    /// <summary>Text of device_add and -device, and the JSON of QMP's device_add, which 7.2 takes as leniently as text (10.2 wants numbers there).</summary>
    Device,

    /// <summary>JSON of the command line's -device: numbers are numbers.</summary>
    DeviceJson,
}
