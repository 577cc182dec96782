using System;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>The host's own number of a thread, under which its tools show it.</summary>
public static partial class HostThread
{
    /// <summary>The number of the calling thread.</summary>
    public static int Id
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                return GetTid();
            }

            return OperatingSystem.IsWindows() ? (int)GetCurrentThreadId() : Environment.CurrentManagedThreadId;
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetTid();

    [LibraryImport("kernel32")]
    private static partial uint GetCurrentThreadId();
}
