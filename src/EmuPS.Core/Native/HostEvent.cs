using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EmuPS.Core.Native;

/// <summary>A counter of the kernel that native code raises and a thread sleeps on (eventfd(2)); Linux only.</summary>
public sealed unsafe class HostEvent : IDisposable
{
    private const int CloseOnExec = 0x8_0000;
    private readonly SafeFileHandle _handle;

    /// <summary>Makes an event that is not raised.</summary>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public HostEvent()
    {
        int descriptor = eventfd(0, CloseOnExec);
        _handle = descriptor >= 0
            ? new SafeFileHandle(descriptor, true)
            : throw new HostCallException("eventfd", Marshal.GetLastPInvokeError());
    }

    internal int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Raises it.</summary>
    public void Set()
    {
        ulong one = 1;
        _ = write(_handle, &one, sizeof(ulong));
    }

    /// <summary>Sleeps until it is raised, and lowers it.</summary>
    public void Wait()
    {
        ulong count;
        while (read(_handle, &count, sizeof(ulong)) < 0)
        {
            const int Interrupted = 4;
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new HostCallException("read", error);
            }
        }
    }

    /// <summary>Keeps the descriptor open beyond <see cref="Dispose"/>, until <see cref="Let"/>: native code would write to whatever file had its number next.</summary>
    internal void Keep()
    {
        bool kept = false;
        _handle.DangerousAddRef(ref kept);
    }

    /// <summary>Ends a <see cref="Keep"/>.</summary>
    internal void Let() => _handle.DangerousRelease();

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle descriptor, void* buffer, nuint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle descriptor, void* buffer, nuint count);
}
