using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>Anonymous host memory: reserved at once, given real pages only when touched.</summary>
public static unsafe partial class HostMemory
{
    private const int ProtNone = 0;
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int ProtExec = 4;
    private const int MapShared = 0x01;
    private const int MapPrivate = 0x02;
    private const int MapAnonymousLinux = 0x20;
    private const int MapAnonymousMac = 0x1000;
    private const int MapNoReserveLinux = 0x4000;
    private const int MadvDontNeed = 4;
    private const uint MemReserve = 0x2000;
    private const uint MemCommit = 0x1000;
    private const uint MemRelease = 0x8000;
    private const uint PageReadWrite = 0x04;
    private const uint PageExecuteRead = 0x20;
    private const uint PageExecuteReadWrite = 0x40;
    private const uint PageNoAccess = 0x01;

    /// <summary>Maps zeroed memory that may be read and written.</summary>
    /// <param name="size">Size in bytes; rounded up to the host's page size by the host.</param>
    /// <returns>The address; never null.</returns>
    /// <exception cref="OutOfMemoryException">The host refuses.</exception>
    public static byte* Allocate(ulong size) => Map(size, ProtRead | ProtWrite, PageReadWrite);

    /// <summary>Maps zeroed memory that may be read, written and executed; for <see cref="CodeMemory"/>.</summary>
    /// <param name="size">Size in bytes.</param>
    /// <exception cref="OutOfMemoryException">The host refuses, for lack of memory or by its policy on writable code.</exception>
    internal static byte* AllocateExecutable(ulong size) => Map(size, ProtRead | ProtWrite | ProtExec, PageExecuteReadWrite);

    /// <summary>Gives memory back.</summary>
    /// <param name="address">What one of the allocation methods returned.</param>
    /// <param name="size">The same size.</param>
    public static void Free(byte* address, ulong size)
    {
        if (address is null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            VirtualFree(address, 0, MemRelease);
        }
        else
        {
            munmap(address, (nuint)size);
        }
    }

    /// <summary>Makes a part of a mapping inaccessible, so that a stray access is caught instead of doing harm.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    public static void Guard(byte* address, ulong size)
    {
        if (OperatingSystem.IsWindows())
        {
            VirtualProtect(address, (nuint)size, PageNoAccess, out _);
        }
        else if (mprotect(address, (nuint)size, ProtNone) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Maps a file's begin for writing or for executing; Linux only.</summary>
    /// <param name="file">The file, as long as the mapping.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="executable">True for code that runs, false for the view through which it is written.</param>
    /// <exception cref="OutOfMemoryException">The host refuses.</exception>
    internal static byte* MapView(HostFile file, ulong size, bool executable)
    {
        void* address = mmap(null, (nuint)size, ProtRead | (executable ? ProtExec : ProtWrite), MapShared, file.Descriptor, 0);
        return (nint)address == -1
            ? throw new OutOfMemoryException($"The host refused to map {size} bytes of code (error {Marshal.GetLastPInvokeError()}).")
            : (byte*)address;
    }

    /// <summary>Turns a written mapping into code that can be run and not written any more.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <returns>False when the host forbids it.</returns>
    internal static bool TryMakeExecutable(byte* address, ulong size) => OperatingSystem.IsWindows()
        ? VirtualProtect(address, (nuint)size, PageExecuteRead, out _) != 0
        : mprotect(address, (nuint)size, ProtRead | ProtExec) == 0;

    /// <summary>Returns the pages of an anonymous mapping to the host; they read as zero afterwards.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    public static void Discard(byte* address, ulong size)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = madvise(address, (nuint)size, MadvDontNeed);
        }
        else
        {
            NativeMemory.Clear(address, (nuint)size);
        }
    }

    private static byte* Map(ulong size, int protection, uint windowsProtection)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        void* address;
        if (OperatingSystem.IsWindows())
        {
            address = VirtualAlloc(null, (nuint)size, MemReserve | MemCommit, windowsProtection);
        }
        else
        {
            int flags = MapPrivate | (OperatingSystem.IsLinux() ? MapAnonymousLinux | MapNoReserveLinux : MapAnonymousMac);
            address = mmap(null, (nuint)size, protection, flags, -1, 0);
            if ((nint)address == -1)
            {
                address = null;
            }
        }

        return address is null
            ? throw new OutOfMemoryException($"The host refused to map {size} bytes of memory (error {Marshal.GetLastPInvokeError()}).")
            : (byte*)address;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(void* address, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern int mprotect(void* address, nuint length, int protection);

    [DllImport("libc", SetLastError = true)]
    private static extern int madvise(void* address, nuint length, int advice);

    [DllImport("kernel32", SetLastError = true)]
    private static extern void* VirtualAlloc(void* address, nuint size, uint type, uint protect);

    [DllImport("kernel32", SetLastError = true)]
    private static extern int VirtualFree(void* address, nuint size, uint type);

    [DllImport("kernel32", SetLastError = true)]
    private static extern int VirtualProtect(void* address, nuint size, uint protect, out uint old);
}
