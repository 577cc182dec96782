using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace EmuPS.Core.Tests.Native;

/// <summary>A thread whose kernel refuses to map memory that is writable and executable, as SELinux without execmem does: seccomp(2) filters count for one thread.</summary>
internal static unsafe class WritableCodeRefusal
{
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const int ModeFilter = 2;
    private const uint Mmap = 9;
    private const uint WriteAndExecute = 6;
    private const uint Allow = 0x7FFF0000;
    private const uint RefuseAccess = 0x0005000D;

    /// <summary>Runs an action on such a thread and throws what it throws.</summary>
    /// <param name="action">The action.</param>
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Install();
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Install()
    {
        // Offsets in struct seccomp_data: 0 the number of the call, 32 the low half of its third argument.
        Filter* filters = stackalloc Filter[]
        {
            new() { Code = 0x20, Value = 0 },
            new() { Code = 0x15, IfFalse = 3, Value = Mmap },
            new() { Code = 0x20, Value = 32 },
            new() { Code = 0x54, Value = WriteAndExecute },
            new() { Code = 0x15, IfTrue = 1, Value = WriteAndExecute },
            new() { Code = 0x06, Value = Allow },
            new() { Code = 0x06, Value = RefuseAccess },
        };
        Program program = new() { Count = 7, Filters = filters };
        if (prctl(SetNoNewPrivileges, 1, 0, 0, 0) != 0 || prctl(SetSeccomp, ModeFilter, (nint)(&program), 0, 0) != 0)
        {
            throw new InvalidOperationException($"The kernel takes no filter (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int prctl(int option, nint second, nint third, nint fourth, nint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Count;
        public Filter* Filters;
    }
}
