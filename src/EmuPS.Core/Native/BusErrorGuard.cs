using System;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>Installs the process's SIGBUS handler when the first range asks for it. It stays until the process ends.</summary>
/// <remarks>
/// Besides the VM registry this is the one thing that belongs to the process, as signal handlers do. It is chained before the handler that
/// was there (.NET's) and takes that one's flags and mask over, the choice of the stack among them, so that what is passed on arrives as
/// if we were not there.
/// </remarks>
internal static unsafe class BusErrorGuard
{
    private const int BusError = 7;
    private const int WithInformation = 4; // SA_SIGINFO
    private const int FlagsPlace = 136 / sizeof(int);
    private const int ActionBytes = 152; // struct sigaction of glibc and musl: handler, mask of 128 bytes, flags, restorer

    private static readonly Lazy<BusErrorTable?> s_table = new(Install);

    /// <summary>The table of ranges; null where this host or process has no such handler (other systems and processors; writable code forbidden).</summary>
    public static BusErrorTable? Table => s_table.Value;

    private static BusErrorTable? Install()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        int* action = stackalloc int[ActionBytes / sizeof(int)];
        if (sigaction(BusError, null, action) != 0 || (action[FlagsPlace] & WithInformation) == 0)
        {
            return null;
        }

        BusErrorTable table = new();
        byte[] code = BusErrorHandler.Emit((nint)table.First, *(nint*)action);
        CodeMemory memory;
        try
        {
            // It stays for as long as the process does.
            memory = CodeMemory.OfFixedCode(code);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }

        *(nint*)action = (nint)memory.Start;
        return sigaction(BusError, action, null) == 0 ? table : null;
    }

    [DllImport("libc")]
    private static extern int sigaction(int signal, void* action, void* old);
}
