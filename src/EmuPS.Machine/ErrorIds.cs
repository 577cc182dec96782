namespace EmuPS.Machine;

/// <summary>The stable ids of the errors of memory configuration, backends, DIMMs and monitors.</summary>
public static class ErrorIds
{
    /// <summary>A size text that is none.</summary>
    public const string InvalidSize = "InvalidSize";

    /// <summary>A memory size, maximum or slot count that contradicts another or exceeds a limit.</summary>
    public const string InvalidMemoryConfiguration = "InvalidMemoryConfiguration";

    /// <summary>The address space of the processor is too small for the maximum memory.</summary>
    public const string AddressSpaceTooSmall = "AddressSpaceTooSmall";

    /// <summary>More slots than the machine can have.</summary>
    public const string TooManyDimmSlots = "TooManyDimmSlots";

    /// <summary>An option or property of a name that does not exist.</summary>
    public const string UnknownParameter = "UnknownParameter";

    /// <summary>A mandatory option or property is absent.</summary>
    public const string MissingParameter = "MissingParameter";

    /// <summary>A value of the wrong type or outside its range.</summary>
    public const string InvalidParameter = "InvalidParameter";

    /// <summary>An id that is no identifier.</summary>
    public const string InvalidIdentifier = "InvalidIdentifier";

    /// <summary>A type of object or device that does not exist or cannot be made.</summary>
    public const string UnknownType = "UnknownType";

    /// <summary>A backend's id is taken.</summary>
    public const string BackendExists = "BackendExists";

    /// <summary>No backend of that id.</summary>
    public const string BackendNotFound = "BackendNotFound";

    /// <summary>A DIMM or the machine uses the backend.</summary>
    public const string BackendInUse = "BackendInUse";

    /// <summary>The backend's size is zero.</summary>
    public const string BackendSizeInvalid = "BackendSizeInvalid";

    /// <summary>The host does not give the memory.</summary>
    public const string HostMemoryExhausted = "HostMemoryExhausted";

    /// <summary>The backend's file or folder cannot be used.</summary>
    public const string BackendFileUnavailable = "BackendFileUnavailable";

    /// <summary>The backend's file is smaller than the backend.</summary>
    public const string BackendFileTooSmall = "BackendFileTooSmall";

    /// <summary>An alignment, offset or page size that cannot be.</summary>
    public const string BackendAlignmentInvalid = "BackendAlignmentInvalid";

    /// <summary>Properties of a backend that contradict each other.</summary>
    public const string BackendOptionsConflict = "BackendOptionsConflict";

    /// <summary>The host cannot bind memory to its NUMA nodes.</summary>
    public const string HostNumaUnavailable = "HostNumaUnavailable";

    /// <summary>This host has no such kind of memory.</summary>
    public const string NotSupportedOnHost = "NotSupportedOnHost";

    /// <summary>A property that is fixed once the object exists.</summary>
    public const string PropertyReadOnly = "PropertyReadOnly";

    /// <summary>A device's id is taken.</summary>
    public const string DimmExists = "DimmExists";

    /// <summary>No DIMM of that id or path.</summary>
    public const string DimmNotFound = "DimmNotFound";

    /// <summary>The machine was started without slots.</summary>
    public const string NoDimmSlots = "NoDimmSlots";

    /// <summary>A slot number that the machine does not have.</summary>
    public const string DimmSlotOutOfRange = "DimmSlotOutOfRange";

    /// <summary>The slot holds a DIMM.</summary>
    public const string DimmSlotOccupied = "DimmSlotOccupied";

    /// <summary>All slots hold DIMMs.</summary>
    public const string NoFreeDimmSlot = "NoFreeDimmSlot";

    /// <summary>No backend was named.</summary>
    public const string BackendNotSet = "BackendNotSet";

    /// <summary>The machine was started without a hotpluggable region.</summary>
    public const string HotplugNotEnabled = "HotplugNotEnabled";

    /// <summary>The maximum memory is reached.</summary>
    public const string HotplugRegionExhausted = "HotplugRegionExhausted";

    /// <summary>The requested address is not a multiple of the backend's alignment.</summary>
    public const string DimmAddressNotAligned = "DimmAddressNotAligned";

    /// <summary>The size is not a multiple of the backend's alignment.</summary>
    public const string DimmSizeNotAligned = "DimmSizeNotAligned";

    /// <summary>The requested address is outside the hotpluggable region.</summary>
    public const string DimmAddressOutOfRange = "DimmAddressOutOfRange";

    /// <summary>Another DIMM lies at the requested address.</summary>
    public const string AddressConflict = "AddressConflict";

    /// <summary>No gap of the region is large enough.</summary>
    public const string HotplugRegionFragmented = "HotplugRegionFragmented";

    /// <summary>The guest has no such NUMA node.</summary>
    public const string NumaNodeNotFound = "NumaNodeNotFound";

    /// <summary>NUMA options that contradict each other or the machine.</summary>
    public const string InvalidNumaConfiguration = "InvalidNumaConfiguration";

    /// <summary>The machine ended, so what was waited for cannot come.</summary>
    public const string MachineEnded = "MachineEnded";

    /// <summary>The number of processors is out of range, or the host cannot run several.</summary>
    public const string CpuCountNotSupported = "CpuCountNotSupported";

    /// <summary>Monitor input that is no command.</summary>
    public const string QmpProtocolError = "QmpProtocolError";

    /// <summary>A monitor command that does not exist.</summary>
    public const string CommandNotFound = "CommandNotFound";

    /// <summary>The log file cannot be written, or another VM writes it.</summary>
    public const string LogFileUnavailable = "LogFileUnavailable";

    /// <summary>The monitor's socket cannot be opened.</summary>
    public const string QmpSocketUnavailable = "QmpSocketUnavailable";

    /// <summary>An option of QEMU's command line that EmuPS does not know.</summary>
    public const string UnknownOption = "UnknownOption";
}
