namespace EmuPS.Machine.QemuOptions;

/// <summary>What became of reading a size.</summary>
public enum SizeTextResult
{
    /// <summary>The text is a size.</summary>
    Valid,

    /// <summary>The text is no size.</summary>
    Invalid,

    /// <summary>The size is 2^64 or more.</summary>
    OutOfRange,
}
