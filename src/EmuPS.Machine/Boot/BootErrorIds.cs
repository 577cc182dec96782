namespace EmuPS.Machine.Boot;

/// <summary>Ids of the errors that booting knows.</summary>
public static class BootErrorIds
{
    /// <summary>A machine needs something to boot.</summary>
    public const string NothingToBoot = "NothingToBoot";

    /// <summary>The kernel file cannot be opened.</summary>
    public const string KernelUnavailable = "KernelUnavailable";

    /// <summary>The file is no kernel.</summary>
    public const string KernelNotRecognized = "KernelNotRecognized";

    /// <summary>The file is a kernel that this machine cannot boot.</summary>
    public const string KernelNotSupported = "KernelNotSupported";

    /// <summary>The file ends in the middle of the kernel.</summary>
    public const string KernelDamaged = "KernelDamaged";

    /// <summary>The kernel does not fit into the machine's memory.</summary>
    public const string KernelTooLarge = "KernelTooLarge";

    /// <summary>The initial RAM disk cannot be opened.</summary>
    public const string InitrdUnavailable = "InitrdUnavailable";

    /// <summary>The initial RAM disk does not fit into the machine's memory.</summary>
    public const string InitrdTooLarge = "InitrdTooLarge";

    /// <summary>The command line is longer than the kernel takes.</summary>
    public const string CommandLineTooLong = "CommandLineTooLong";

    /// <summary>The firmware file cannot be opened.</summary>
    public const string FirmwareUnavailable = "FirmwareUnavailable";

    /// <summary>The firmware file has a size that no ROM has.</summary>
    public const string FirmwareNotRecognized = "FirmwareNotRecognized";
}
