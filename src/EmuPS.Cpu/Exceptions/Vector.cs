namespace EmuPS.Cpu.Exceptions;

/// <summary>Exception vectors (SDM vol. 3, 7.15).</summary>
internal static class Vector
{
    public const int DivideError = 0;
    public const int Debug = 1;
    public const int Nmi = 2;
    public const int Breakpoint = 3;
    public const int Overflow = 4;
    public const int BoundRange = 5;
    public const int InvalidOpcode = 6;
    public const int DeviceNotAvailable = 7;
    public const int DoubleFault = 8;
    public const int InvalidTss = 10;
    public const int SegmentNotPresent = 11;
    public const int StackFault = 12;
    public const int GeneralProtection = 13;
    public const int PageFault = 14;
    public const int FloatingPoint = 16;
    public const int AlignmentCheck = 17;
    public const int MachineCheck = 18;
    public const int SimdFloatingPoint = 19;

    /// <summary>Whether an exception pushes an error code.</summary>
    /// <param name="vector">The vector.</param>
    public static bool HasErrorCode(int vector)
        => vector is DoubleFault or InvalidTss or SegmentNotPresent or StackFault or GeneralProtection or PageFault or AlignmentCheck;

    /// <summary>Whether an exception is contributory: two of them in a row, or one while a page fault is delivered, make a double fault (SDM vol. 3, table 7-5).</summary>
    /// <param name="vector">The vector.</param>
    public static bool IsContributory(int vector) => vector is DivideError or InvalidTss or SegmentNotPresent or StackFault or GeneralProtection;
}
