namespace EmuPS.Machine;

/// <summary>The kind of an <see cref="EngineException"/>; the names are PowerShell's error categories, so that the front maps them one to one.</summary>
public enum EngineErrorCategory
{
    /// <summary>A value that can never be right.</summary>
    InvalidArgument,

    /// <summary>Not possible in the present state.</summary>
    InvalidOperation,

    /// <summary>What was named does not exist.</summary>
    ObjectNotFound,

    /// <summary>What should be made is there already.</summary>
    ResourceExists,

    /// <summary>Somebody else uses it.</summary>
    ResourceBusy,

    /// <summary>No slots, space or memory left.</summary>
    LimitsExceeded,

    /// <summary>No answer in time.</summary>
    OperationTimeout,

    /// <summary>A file or socket of the host would not open.</summary>
    OpenError,

    /// <summary>Malformed monitor input.</summary>
    ProtocolError,

    /// <summary>The guest or the engine failed.</summary>
    DeviceError,

    /// <summary>Known, but not offered on this host or by EmuPS.</summary>
    NotImplemented,
}
