using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EmuPS.Core.Native;

/// <summary>An open file that memory is mapped from: a named file, a nameless one in a folder, or (Linux) a memfd.</summary>
public sealed unsafe class HostFile : IDisposable
{
    private const int NoEntry = 2;
    private const int IsDirectory = 21;
    private const int ReadOnlyFlag = 0;
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x8_0000;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CreateMode = 0x1A4; // 0644
    private const int AddSeals = 1033;
    private const int SealSealShrinkGrow = 1 | 2 | 4;
    private const uint MemfdCloseOnExec = 1;
    private const uint MemfdAllowSealing = 2;
    private const uint MemfdHugeTlb = 4;
    private const int MemfdHugeShift = 26;
    private const long HugeTlbFileSystem = 0x958458F6;
    private const int SeekEnd = 2;

    private readonly string? _temporary;

    private HostFile(SafeFileHandle handle, string? created = null, string? temporary = null)
    {
        Handle = handle;
        CreatedPath = created;
        _temporary = temporary;
        PageSize = QueryPageSize();
    }

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The path when opening made the file, else null.</summary>
    public string? CreatedPath { get; }

    /// <summary>The page size of a mapping in bytes: the huge page size of a hugetlbfs, else the host's.</summary>
    public ulong PageSize { get; }

    /// <summary>Current length in bytes; 0 for what has none.</summary>
    public ulong Length
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return (ulong)RandomAccess.GetLength(Handle);
            }

            long end = lseek(Descriptor, 0, SeekEnd);
            return end < 0 ? 0 : (ulong)end;
        }
    }

    internal int Descriptor => (int)Handle.DangerousGetHandle();

    /// <summary>Opens a file; makes it when it is missing and may be written; makes a nameless one when the path is a folder.</summary>
    /// <param name="path">The path.</param>
    /// <param name="readOnly">True to open it for reading only; then it must exist and be no folder.</param>
    /// <param name="temporaryPrefix">The begin of a nameless file's passing name.</param>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public static HostFile Open(string path, bool readOnly, string temporaryPrefix)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OpenPortable(path, readOnly, temporaryPrefix);
        }

        if (Directory.Exists(path))
        {
            return readOnly ? throw new HostCallException("open", IsDirectory) : CreateTemporary(path, temporaryPrefix);
        }

        int descriptor = open(ToNative(path), (readOnly ? ReadOnlyFlag : ReadWrite) | CloseOnExec, 0);
        if (descriptor >= 0)
        {
            return new HostFile(new SafeFileHandle(descriptor, true));
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == NoEntry && !readOnly && path.Length > 0)
        {
            descriptor = open(ToNative(path), ReadWrite | CloseOnExec | Create | Exclusive, CreateMode);
            if (descriptor >= 0)
            {
                return new HostFile(new SafeFileHandle(descriptor, true), created: path);
            }

            error = Marshal.GetLastPInvokeError();
        }

        throw new HostCallException("open", error);
    }

    /// <summary>The flags of memfd_create(2).</summary>
    /// <param name="hugeTlb">True for huge pages.</param>
    /// <param name="hugePageSize">Size of a huge page in bytes, a power of two; 0 for the host's default.</param>
    /// <param name="sealable">True when <see cref="Seal"/> will be called.</param>
    public static uint MemfdFlags(bool hugeTlb, ulong hugePageSize, bool sealable)
    {
        uint flags = MemfdCloseOnExec | (sealable ? MemfdAllowSealing : 0);
        return hugeTlb
            ? flags | MemfdHugeTlb | ((hugePageSize == 0 ? 0u : (uint)System.Numerics.BitOperations.Log2(hugePageSize)) << MemfdHugeShift)
            : flags;
    }

    /// <summary>Makes a file without a name that lives in memory (memfd_create(2)); Linux only.</summary>
    /// <param name="name">A name for /proc.</param>
    /// <param name="flags">What <see cref="MemfdFlags"/> gave.</param>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public static HostFile CreateMemfd(string name, uint flags)
    {
        int descriptor = memfd_create(ToNative(name), flags);
        return descriptor >= 0
            ? new HostFile(new SafeFileHandle(descriptor, true))
            : throw new HostCallException("memfd_create", Marshal.GetLastPInvokeError());
    }

    /// <summary>Sets the length.</summary>
    /// <param name="length">In bytes.</param>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public void SetLength(ulong length)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.SetLength(Handle, (long)length);
        }
        else if (ftruncate(Descriptor, (long)length) != 0)
        {
            throw new HostCallException("ftruncate", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Makes it impossible to grow or shrink a memfd.</summary>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public void Seal()
    {
        if (fcntl(Descriptor, AddSeals, SealSealShrinkGrow) != 0)
        {
            throw new HostCallException("fcntl", Marshal.GetLastPInvokeError());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private static HostFile CreateTemporary(string folder, string prefix)
    {
        while (true)
        {
            string path = Path.Combine(folder, prefix + Guid.NewGuid().ToString("N")[..6]);
            int descriptor = open(ToNative(path), ReadWrite | CloseOnExec | Create | Exclusive, 0x180); // 0600
            if (descriptor >= 0)
            {
                File.Delete(path);
                return new HostFile(new SafeFileHandle(descriptor, true));
            }

            int error = Marshal.GetLastPInvokeError();
            const int Exists = 17;
            if (error != Exists)
            {
                throw new HostCallException("open", error);
            }
        }
    }

    private static HostFile OpenPortable(string path, bool readOnly, string prefix)
    {
        try
        {
            if (Directory.Exists(path) && !readOnly)
            {
                string temporary = Path.Combine(path, prefix + Guid.NewGuid().ToString("N")[..6]);
                return new HostFile(File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), null, temporary);
            }

            bool missing = !File.Exists(path);
            SafeFileHandle handle = File.OpenHandle(
                path,
                readOnly ? FileMode.Open : FileMode.OpenOrCreate,
                readOnly ? FileAccess.Read : FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            return new HostFile(handle, missing ? path : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HostCallException("open", e.HResult & 0xFFFF);
        }
    }

    private static byte[] ToNative(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private ulong QueryPageSize()
    {
        if (OperatingSystem.IsLinux())
        {
            // struct statfs begins with the type of the file system and its block size, both words of the machine.
            long* status = stackalloc long[64];
            if (fstatfs(Descriptor, status) == 0 && status[0] == HugeTlbFileSystem)
            {
                return (ulong)status[1];
            }
        }

        return (ulong)Environment.SystemPageSize;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open(byte[] path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int memfd_create(byte[] name, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ftruncate(int descriptor, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern long lseek(int descriptor, long offset, int whence);

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int fstatfs(int descriptor, void* status);
}
