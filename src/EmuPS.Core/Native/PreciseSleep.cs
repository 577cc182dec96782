using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace EmuPS.Core.Native;

/// <summary>Sleeps for less than a millisecond, which .NET's own waits cannot: they cut off the fraction and so return at once.</summary>
internal static partial class PreciseSleep
{
    /// <summary>Sleeps about that long, on Windows for up to a millisecond.</summary>
    /// <param name="nanoseconds">Less than a second.</param>
    public static void Sleep(long nanoseconds)
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(1);
            return;
        }

        TimeSpecification time = new(0, (nint)nanoseconds);
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpecification requested, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification(nint seconds, nint nanoseconds)
    {
        private readonly nint _seconds = seconds;
        private readonly nint _nanoseconds = nanoseconds;
    }
}
