using System;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>The mode of the terminal that the process was started from.</summary>
public static unsafe partial class TerminalMode
{
    private const int StandardInput = 0;
    private const int SetNow = 0;

    // The C library's structure is 60 bytes on Linux and 72 on macOS; its layout stays the library's own affair but for the flags below.
    private const int TermiosLength = 256;
    private const int LocalFlagsOnLinux = 12;
    private const uint SignalsOnLinux = 1;
    private const uint StandardInputHandle = unchecked((uint)-10);
    private const uint ProcessedInput = 1;
    private const uint VirtualTerminalInput = 0x200;

    /// <summary>Lets each key through as the bytes that the terminal sends, without echo; Ctrl+C still is a signal.</summary>
    /// <returns>Takes the change back; null when standard input is no terminal.</returns>
    public static IDisposable? EnterRaw() => OperatingSystem.IsWindows() ? EnterRawOnWindows() : EnterRawOnUnix();

    private static Restorer? EnterRawOnUnix()
    {
        byte[] before = new byte[TermiosLength];
        byte[] raw = new byte[TermiosLength];
        fixed (byte* mode = before)
        {
            if (tcgetattr(StandardInput, mode) != 0)
                return null;
        }

        before.CopyTo(raw, 0);
        fixed (byte* mode = raw)
        {
            cfmakeraw(mode);
            if (OperatingSystem.IsLinux())
                *(uint*)(mode + LocalFlagsOnLinux) |= SignalsOnLinux;
            if (tcsetattr(StandardInput, SetNow, mode) != 0)
                return null;
        }

        return new Restorer(() =>
        {
            fixed (byte* mode = before)
                _ = tcsetattr(StandardInput, SetNow, mode);
        });
    }

    private static Restorer? EnterRawOnWindows()
    {
        nint handle = GetStdHandle(StandardInputHandle);
        uint before;
        if (GetConsoleMode(handle, &before) == 0 || SetConsoleMode(handle, ProcessedInput | VirtualTerminalInput) == 0)
            return null;
        uint original = before;
        return new Restorer(() => _ = SetConsoleMode(handle, original));
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* mode);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* mode);

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(uint which);

    [LibraryImport("kernel32")]
    private static partial int GetConsoleMode(nint handle, uint* mode);

    [LibraryImport("kernel32")]
    private static partial int SetConsoleMode(nint handle, uint mode);

    private sealed class Restorer(Action restore) : IDisposable
    {
        private Action? _restore = restore;

        public void Dispose()
        {
            _restore?.Invoke();
            _restore = null;
        }
    }
}
