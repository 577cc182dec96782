using System;
using System.IO;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>A file that gets all that a guest writes to its console, byte for byte.</summary>
internal static class ConsoleFile
{
    /// <summary>Begins the file anew and writes it as long as the VM lives.</summary>
    /// <exception cref="Errors.EmuException">The file cannot be made.</exception>
    public static void Attach(EmuVM vm, string path)
    {
        FileStream file = HostFiles.Write(path, static path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        IGuestChannel channel = vm.Machine.SerialConsole;
        channel.Received += Write;
        _ = vm.WaitForEndAsync(default).ContinueWith(
            _ =>
            {
                channel.Received -= Write;
                file.Dispose();
            },
            System.Threading.Tasks.TaskScheduler.Default);

        void Write(ReadOnlyMemory<byte> bytes)
        {
            try
            {
                file.Write(bytes.Span);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // A full disk must not stop the guest; the console log still has it all.
                channel.Received -= Write;
            }
        }
    }
}
