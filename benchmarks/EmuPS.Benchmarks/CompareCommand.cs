using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

/// <summary>Measures EmuPS and QEMU's TCG side by side in one run: the same kernel, the same initramfs, the same commands; prints medians and the ratio.</summary>
internal static class CompareCommand
{
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
        GuestSetup guest = new(image.KernelPath, image.InitrdPath, GuestImage.DefaultCommandLine);
        bool hasQemu = GuestSetup.FindQemu();
        string[] commands = [.. s_works.Select(work => work.Command)];
        List<double[]> ours = [];
        List<double[]> theirs = [];
        for (int run = 0; run < runs; run++)
        {
            ours.Add(Times(await guest.EmuPSAsync(commands)));
            if (hasQemu)
            {
                theirs.Add(Times(await guest.QemuAsync(commands)));
            }
        }

        Console.WriteLine($"median of {runs} runs, milliseconds; ratio = QEMU / EmuPS");
        string[] names = ["process start to ready", .. s_works.Select(work => work.Name)];
        for (int i = 0; i < names.Length; i++)
        {
            double us = Statistics.Median(ours.Select(run => run[i]));
            string row = $"{names[i],-24}{us,9:F0}";
            if (hasQemu)
            {
                double them = Statistics.Median(theirs.Select(run => run[i]));
                row += $"{them,9:F0}{them / us,8:F2}";
            }

            Console.WriteLine(row);
        }

        return 0;
    }

    private static double[] Times(GuestRun run) => [run.Ready, .. run.Commands.Select(command => command.Milliseconds)];
}
