namespace EmuPS.Machine.MemoryHotplug;

/// <summary>The codes of _OST (ACPI 6.5, 6.3.5) that decide what became of a DIMM.</summary>
public static class OstCode
{
    /// <summary>Source: the guest answers the announcement of a device.</summary>
    public const uint DeviceCheck = 1;

    /// <summary>Source: the guest answers a removal request.</summary>
    public const uint EjectRequest = 3;

    /// <summary>Source: the guest ejects of its own accord.</summary>
    public const uint OsInitiatedEject = 0x103;

    /// <summary>Source: the guest inserts of its own accord.</summary>
    public const uint OsInitiatedInsertion = 0x200;

    /// <summary>Status: success.</summary>
    public const uint Success = 0;

    /// <summary>Status of an insertion that goes on.</summary>
    public const uint InsertionInProgress = 0x80;

    /// <summary>Status of an ejection that goes on.</summary>
    public const uint EjectInProgress = 0x84;

    /// <summary>Says whether a source speaks of an insertion.</summary>
    /// <param name="source">The source event.</param>
    public static bool IsInsertion(uint source) => source is DeviceCheck or OsInitiatedInsertion;

    /// <summary>Says whether a source speaks of an ejection.</summary>
    /// <param name="source">The source event.</param>
    public static bool IsEjection(uint source) => source is EjectRequest or OsInitiatedEject;

    /// <summary>Names a status in words.</summary>
    /// <param name="source">The source event.</param>
    /// <param name="status">The status.</param>
    public static string Describe(uint source, uint status) => (IsEjection(source), status) switch
    {
        (_, Success) => "success",
        (_, 1) => "non-specific failure",
        (_, 2) => "unrecognised notification",
        (true, 0x80) => "ejection is not supported",
        (true, 0x81) => "device is in use",
        (true, 0x82) => "device is busy",
        (true, 0x83) => "a device that depends on it is busy",
        (true, EjectInProgress) => "ejection is in progress",
        (false, InsertionInProgress) => "insertion is in progress",
        (false, 0x81) => "driver failed to load",
        (false, 0x82) => "insertion is not supported",
        _ => "unknown status",
    };
}
