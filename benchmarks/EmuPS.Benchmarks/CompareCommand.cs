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

/// <summary>Measures EmuPS and QEMU's TCG side by side in one run: the same kernel, the same initramfs, the same commands; prints medians and the ratio.</summary>
internal static partial class CompareCommand
{
    internal const string Qemu = "qemu-system-x86_64";
    private const string Done = "EMUPS-DONE";

    // Each runs for a second or a few under TCG, with nothing but busybox.
    private static readonly (string Name, string Command)[] s_works =
    [
        ("sha256 of 64 MiB", "dd if=/dev/zero bs=1M count=64 2>/dev/null | sha256sum >/dev/null"),
        ("shell loop", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"),
        ("awk floating point", "awk 'BEGIN{for(i=0;i<1000000;i++)x+=i*1.5}'"),
        ("fork and exec", "i=0; while [ $i -lt 500 ]; do /bin/busybox true; i=$((i+1)); done"),
        ("system calls", "dd if=/dev/zero of=/dev/null bs=1 count=300000 2>/dev/null"),
        ("gzip of 8 MiB", "dd if=/bin/busybox bs=1M count=8 2>/dev/null | gzip -c >/dev/null; cat /bin/busybox /bin/busybox /bin/busybox | gzip -c >/dev/null"),
    ];

    /// <summary>Runs the comparison.</summary>
    /// <param name="arguments">--runs N.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        int runs = arguments is ["--runs", { } text] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        GuestImage image = new GuestImageStore().GetRequired();
        bool hasQemu = HasQemu();

        List<double[]> ours = [];
        List<double[]> theirs = [];
        for (int run = 0; run < runs; run++)
        {
            ours.Add(await EmuPSAsync());
            if (hasQemu)
            {
                theirs.Add(await QemuAsync(image));
            }
        }

        Console.WriteLine($"median of {runs} runs, milliseconds; ratio = QEMU / EmuPS");
        string[] names = ["process start to ready", .. s_works.Select(work => work.Name)];
        for (int i = 0; i < names.Length; i++)
        {
            double us = Median(ours.Select(run => run[i]));
            string row = $"{names[i],-24}{us,9:F0}";
            if (hasQemu)
            {
                double them = Median(theirs.Select(run => run[i]));
                row += $"{them,9:F0}{them / us,8:F2}";
            }

            Console.WriteLine(row);
        }

        return 0;
    }

    /// <summary>Looks for QEMU, and says how to get it when it is not there.</summary>
    internal static bool HasQemu()
    {
        bool found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Qemu)));
        if (!found)
        {
            Console.WriteLine($"{Qemu} is not installed (Debian: apt-get install qemu-system-x86); only EmuPS is measured.");
        }

        return found;
    }

    /// <summary>The command that starts this program again.</summary>
    internal static ProcessStartInfo Ourselves()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CompareCommand).Assembly.Location);
        }

        return start;
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static async Task<double[]> EmuPSAsync()
    {
        ProcessStartInfo start = Ourselves();
        start.ArgumentList.Add("boot");
        foreach ((_, string command) in s_works)
        {
            start.ArgumentList.Add("--run");
            start.ArgumentList.Add(command);
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        List<double> times = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (times.Count == 0 && line.StartsWith(GuestImage.ReadyMark, StringComparison.Ordinal))
            {
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            else if (CommandEnd().Match(line) is { Success: true } end)
            {
                times.Add(double.Parse(end.Groups[1].Value, CultureInfo.InvariantCulture));
            }
        }

        await process.WaitForExitAsync();
        return times.Count == s_works.Length + 1 ? [.. times] : throw new InvalidOperationException("EmuPS did not run every command.");
    }

    private static async Task<double[]> QemuAsync(GuestImage image)
    {
        ProcessStartInfo start = new(Qemu) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-accel", "tcg", "-m", "1G", "-nographic", "-no-reboot", "-net", "none",
            "-kernel", image.KernelPath, "-initrd", image.InitrdPath, "-append", GuestImage.DefaultCommandLine])
        {
            start.ArgumentList.Add(argument);
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        try
        {
            List<double> times = [];
            await WaitForAsync(process, GuestImage.ReadyMark);
            times.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(500);
            foreach ((_, string command) in s_works)
            {
                watch.Restart();

                // The mark is put together in the guest, so that the echo of the command does not look like it.
                await process.StandardInput.WriteAsync($"{command}; echo EMUPS-\"\"DONE\n");
                await process.StandardInput.FlushAsync();
                await WaitForAsync(process, Done);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            return [.. times];
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Reads a guest's console until a text has come.</summary>
    internal static async Task<string> WaitForAsync(Process process, string mark)
    {
        StringBuilder seen = new();
        char[] buffer = new char[4096];
        while (!seen.ToString().Contains(mark, StringComparison.Ordinal))
        {
            int count = await process.StandardOutput.ReadAsync(buffer);
            if (count == 0)
            {
                throw new InvalidOperationException("QEMU ended: " + seen);
            }

            seen.Append(buffer, 0, count);
        }

        return seen.ToString();
    }

    [GeneratedRegex(@"^.*\[exit 0, (\d+) ms\]")]
    private static partial Regex CommandEnd();
}
