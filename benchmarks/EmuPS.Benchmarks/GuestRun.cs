using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

/// <summary>What one run of a guest took, in milliseconds from outside, and what its commands printed.</summary>
/// <param name="Ready">From the start of the process to the guest's ready mark.</param>
/// <param name="Commands">Each command: its time, and its output.</param>
internal sealed record GuestRun(double Ready, IReadOnlyList<(double Milliseconds, string Output)> Commands);

/// <summary>Boots the same guest in EmuPS and in QEMU's TCG, each in a process of its own, and runs commands in it.</summary>
/// <param name="KernelPath">The kernel.</param>
/// <param name="InitrdPath">The initial RAM disk, with our init.</param>
/// <param name="CommandLine">The kernel's command line.</param>
internal sealed partial record GuestSetup(string KernelPath, string InitrdPath, string CommandLine)
{
    /// <summary>QEMU's program.</summary>
    public const string Qemu = "qemu-system-x86_64";
    private const string Done = "EMUPS-DONE";

    /// <summary>Whether there is a QEMU to compare with; says what to do where there is none.</summary>
    public static bool FindQemu()
    {
        bool found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Qemu)));
        if (!found)
        {
            Console.WriteLine($"{Qemu} is not installed (Debian: apt-get install qemu-system-x86); only EmuPS is measured.");
        }

        return found;
    }

    /// <summary>The command that starts this program once more.</summary>
    public static ProcessStartInfo Ourselves()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(GuestSetup).Assembly.Location);
        }

        return start;
    }

    /// <summary>A run in EmuPS.</summary>
    /// <param name="commands">Shell commands, run one after the other.</param>
    public async Task<GuestRun> EmuPSAsync(IReadOnlyList<string> commands)
    {
        ProcessStartInfo start = Ourselves();
        string[] options = ["boot", "--timeout", "600", "--kernel", KernelPath, "--initrd", InitrdPath, "--cmdline", CommandLine, .. commands.SelectMany(command => (string[])["--run", command])];
        foreach (string option in options)
        {
            start.ArgumentList.Add(option);
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        double ready = 0;
        List<(double, string)> results = [];
        StringBuilder output = new();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ready == 0)
            {
                ready = line.StartsWith(GuestImage.ReadyMark, StringComparison.Ordinal) ? watch.Elapsed.TotalMilliseconds : 0;
            }
            else if (CommandEnd().Match(line) is { Success: true } end)
            {
                output.Append(end.Groups[1].Value);
                results.Add((double.Parse(end.Groups[2].Value, CultureInfo.InvariantCulture), output.ToString()));
                output.Clear();
            }
            else
            {
                output.AppendLine(line);
            }
        }

        await process.WaitForExitAsync();
        return results.Count == commands.Count ? new GuestRun(ready, results) : throw new InvalidOperationException($"EmuPS did not run every command: {output}");
    }

    /// <summary>A run in QEMU.</summary>
    /// <param name="commands">Shell commands, run one after the other.</param>
    /// <param name="cpu">QEMU's -cpu; null for its default.</param>
    public async Task<GuestRun> QemuAsync(IReadOnlyList<string> commands, string? cpu = null)
    {
        ProcessStartInfo start = new(Qemu) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        string[] options = ["-accel", "tcg", "-m", "1G", "-nographic", "-no-reboot", "-net", "none", .. cpu is null ? Array.Empty<string>() : ["-cpu", cpu],
            "-kernel", KernelPath, "-initrd", InitrdPath, "-append", CommandLine];
        foreach (string option in options)
        {
            start.ArgumentList.Add(option);
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        try
        {
            List<(double, string)> results = [];
            await ReadToAsync(process, GuestImage.ReadyMark);
            double ready = watch.Elapsed.TotalMilliseconds;

            // The shell's prompt follows the mark.
            await ReadToAsync(process, "# ");
            foreach (string command in commands)
            {
                watch.Restart();

                // The mark is put together in the guest, so that the echo of the command does not look like it.
                await process.StandardInput.WriteAsync($"{command}; echo EMUPS-\"\"DONE\n");
                await process.StandardInput.FlushAsync();
                string output = await ReadToAsync(process, Done);
                results.Add((watch.Elapsed.TotalMilliseconds, output));
            }

            return new GuestRun(ready, results);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Reads a guest's console up to a mark.</summary>
    internal static async Task<string> ReadToAsync(Process process, string mark)
    {
        StringBuilder seen = new();
        char[] buffer = new char[4096];
        while (!seen.ToString().Contains(mark, StringComparison.Ordinal))
        {
            int count = await process.StandardOutput.ReadAsync(buffer);
            if (count == 0)
            {
                throw new InvalidOperationException("The guest ended: " + seen);
            }

            seen.Append(buffer, 0, count);
        }

        return seen.ToString();
    }

    [GeneratedRegex(@"^(.*)\[exit 0, (\d+) ms\]")]
    private static partial Regex CommandEnd();
}
