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

    /// <summary>device_add and -device, whose JSON is as lenient as text (7.2; 10.2 wants numbers there).</summary>
    Device,
}
