using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace EmuPS.Core.Native;

/// <summary>The mode of the terminal that the process was started from.</summary>
public static unsafe partial class TerminalMode
{
    private const int StandardInput = 0;
    private const int SetNow = 0;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    // The C library's structure is 60 bytes on Linux and 72 on macOS; its layout stays the library's own affair but for the flags below.
    private const int TermiosLength = 256;
    private const int LocalFlagsOnLinux = 12;
    private const uint SignalsOnLinux = 1;
    private const uint StandardInputHandle = unchecked((uint)-10);
    private const uint ProcessedInput = 1;
    private const uint VirtualTerminalInput = 0x200;

    /// <summary>Lets each key through as the bytes that the terminal sends, without echo.</summary>
    /// <param name="keepsSignals">Whether Ctrl+C still is a signal; false lets it through as well.</param>
    /// <returns>Takes the change back, from any thread and more than once; null when standard input is no terminal.</returns>
    public static IDisposable? EnterRaw(bool keepsSignals) => OperatingSystem.IsWindows() ? EnterRawOnWindows(keepsSignals) : EnterRawOnUnix(keepsSignals);

    /// <summary>Waits for what is typed; not on Windows.</summary>
    /// <param name="buffer">Gets it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>How many bytes came, 0 for none in that time, -1 when there will be no more.</returns>
    public static int Read(Span<byte> buffer, TimeSpan patience)
    {
        PollRequest request = new() { Descriptor = StandardInput, Events = PollIn };
        int ready = poll(&request, 1, (int)patience.TotalMilliseconds);
        if (ready == 0 || (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted))
            return 0;
        if (ready < 0)
            return -1;
        fixed (byte* start = buffer)
        {
            nint count = read(StandardInput, start, (nuint)buffer.Length);
            return count > 0 ? (int)count : count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : -1;
        }
    }

    private static Restorer? EnterRawOnUnix(bool keepsSignals)
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
            if (keepsSignals && OperatingSystem.IsLinux())
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

    private static Restorer? EnterRawOnWindows(bool keepsSignals)
    {
        nint handle = GetStdHandle(StandardInputHandle);
        uint before;
        if (GetConsoleMode(handle, &before) == 0 || SetConsoleMode(handle, (keepsSignals ? ProcessedInput : 0) | VirtualTerminalInput) == 0)
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(uint which);

    [LibraryImport("kernel32")]
    private static partial int GetConsoleMode(nint handle, uint* mode);

    [LibraryImport("kernel32")]
    private static partial int SetConsoleMode(nint handle, uint mode);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    private sealed class Restorer(Action restore) : IDisposable
    {
        private Action? _restore = restore;

        public void Dispose() => Interlocked.Exchange(ref _restore, null)?.Invoke();
    }
}
