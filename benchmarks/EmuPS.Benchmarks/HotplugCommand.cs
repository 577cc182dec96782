using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Core.Memory;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

/// <summary>Measures memory hotplug on EmuPS and on QEMU's TCG side by side: the same kernel, the same initramfs, the same requests over QMP, one process each.</summary>
/// <remarks>
/// The kernel brings new memory online before it reports success, so the time to that event is the time until the memory is used;
/// the guest's own MemTotal is compared once the clock stands.
/// </remarks>
internal static class HotplugCommand
{
    private const ulong MiB = 1 << 20;
    private const ulong Big = 1024;
    private const ulong Small = 128;
    private const int Edge = 16;
    private const ulong WarmBytes = 384 * MiB;

    private static readonly string[] s_names =
    [
        "plug 1 GiB to online, ms", "unplug 1 GiB to eject, ms", "plug all, ms", "unplug all, ms",
        "device_add, first 16, ms", "device_add, last 16, ms",
    ];

    /// <summary>Runs the comparison.</summary>
    /// <param name="arguments">--runs N, --dimms N.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        int runs = 3;
        int dimms = 256;
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            int value = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
            _ = arguments[i] switch { "--runs" => runs = value, "--dimms" => dimms = value, _ => throw new ArgumentException($"Unknown option {arguments[i]}.") };
        }

        GuestImage image = new GuestImageStore().GetRequired();
        bool hasQemu = GuestSetup.FindQemu();
        List<double[]> ours = [];
        List<double[]> theirs = [];
        for (int run = 0; run < runs; run++)
        {
            ours.Add(await MeasureAsync(image, dimms, isQemu: false));
            Console.Error.WriteLine("EmuPS " + Row(ours[^1]));
            if (hasQemu)
            {
                theirs.Add(await MeasureAsync(image, dimms, isQemu: true));
                Console.Error.WriteLine("QEMU  " + Row(theirs[^1]));
            }
        }

        Console.WriteLine($"median of {runs} runs, {dimms} DIMMs of {Small} MiB; ratio = QEMU / EmuPS");
        for (int i = 0; i < s_names.Length; i++)
        {
            double us = Statistics.Median(ours.Select(run => run[i]));
            string row = string.Create(CultureInfo.InvariantCulture, $"{s_names[i],-32}{us,10:F1}");
            if (hasQemu)
            {
                double them = Statistics.Median(theirs.Select(run => run[i]));
                // What is too little to be seen has no ratio.
                row += string.Create(CultureInfo.InvariantCulture, $"{them,10:F1}{(us < 0.05 ? "-" : (them / us).ToString("F2", CultureInfo.InvariantCulture)),8}");
            }

            Console.WriteLine(row);
        }

        return 0;
    }

    private static string Row(double[] values) => string.Join(' ', values.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)));

    private static async Task<double[]> MeasureAsync(GuestImage image, int dimms, bool isQemu)
    {
        string folder = Directory.CreateTempSubdirectory("emups-bench-").FullName;
        string socket = Path.Combine(folder, "qmp");
        ProcessStartInfo start = isQemu ? Qemu(image, dimms, socket) : EmuPS(dimms, socket);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await GuestSetup.ReadToAsync(process, GuestImage.ReadyMark);
            using QmpConnection qmp = await QmpConnection.OpenAsync(socket);
            ulong before = await MemTotalAsync(process);
            WarmHost();
            await AddBackendAsync(qmp, "big", Big);
            double plug = await PlugAsync(qmp, "big");
            Check(before + (Big * MiB), await MemTotalAsync(process));
            double unplug = await UnplugAsync(qmp, "big");
            Check(before, await MemTotalAsync(process));

            Stopwatch watch = Stopwatch.StartNew();
            List<double> replies = [];
            for (int n = 0; n < dimms; n++)
            {
                await AddBackendAsync(qmp, $"d{n}", Small);
                await PlugAsync(qmp, $"d{n}", replies);
            }

            double plugAll = watch.Elapsed.TotalMilliseconds;
            Check(before + ((ulong)dimms * Small * MiB), await MemTotalAsync(process));
            watch.Restart();
            for (int n = 0; n < dimms; n++)
            {
                await UnplugAsync(qmp, $"d{n}");
            }

            double unplugAll = watch.Elapsed.TotalMilliseconds;
            Check(before, await MemTotalAsync(process));
            return [plug, unplug, plugAll, unplugAll, replies.Take(Edge).Average(), replies.TakeLast(Edge).Average()];
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException)
        {
            process.Kill();
            throw new InvalidOperationException($"{start.FileName}: {e.Message}\n{await errors}", e);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Fills memory and gives it back, so that the pages the guest touches next are ones the host holds.</summary>
    /// <remarks>
    /// A virtual host that reports its free pages (virtio-balloon) loses them after two seconds, and the first touch of 2 MiB then costs 6 to 10 ms instead of 0.2:
    /// six or seven of them come in the first plug, and whether they do is chance, for either peer.
    /// </remarks>
    private static void WarmHost()
    {
        using MappedMemoryBlock block = new(new HostMemoryRequest(WarmBytes));
        block.Populate(1);
    }

    private static string Memory(int dimms) => string.Create(CultureInfo.InvariantCulture, $"1G,slots={dimms},maxmem={1 + ulong.Max(Big, (ulong)dimms * Small) / 1024}G");

    private static ProcessStartInfo EmuPS(int dimms, string socket)
    {
        ProcessStartInfo start = GuestSetup.Ourselves();
        foreach (string argument in (string[])["boot", "--memory", Memory(dimms), "--qmp", socket, "--stay", "--timeout", "3600"])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static ProcessStartInfo Qemu(GuestImage image, int dimms, string socket)
    {
        ProcessStartInfo start = new(GuestSetup.Qemu);
        foreach (string argument in (string[])["-accel", "tcg", "-m", Memory(dimms), "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-net", "none",
            "-qmp", $"unix:{socket},server=on,wait=off", "-kernel", image.KernelPath, "-initrd", image.InitrdPath, "-append", GuestImage.DefaultCommandLine])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static Task AddBackendAsync(QmpConnection qmp, string id, ulong mebibytes) =>
        qmp.AskAsync("object-add", ("qom-type", "memory-backend-ram"), ("id", "mem-" + id), ("size", mebibytes * MiB));

    /// <summary>Plugs a DIMM and waits for the guest; gives milliseconds.</summary>
    private static async Task<double> PlugAsync(QmpConnection qmp, string id, List<double>? replies = null)
    {
        qmp.Forget();
        long start = Stopwatch.GetTimestamp();
        await qmp.AskAsync("device_add", ("driver", "pc-dimm"), ("id", id), ("memdev", "mem-" + id));
        replies?.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return Stopwatch.GetElapsedTime(start, await qmp.EventAsync("ACPI_DEVICE_OST", id)).TotalMilliseconds;
    }

    /// <summary>Unplugs a DIMM, waits until it is gone and deletes its backend; gives the milliseconds to the eject.</summary>
    private static async Task<double> UnplugAsync(QmpConnection qmp, string id)
    {
        qmp.Forget();
        long start = Stopwatch.GetTimestamp();
        await qmp.AskAsync("device_del", ("id", id));
        double elapsed = Stopwatch.GetElapsedTime(start, await qmp.EventAsync("DEVICE_DELETED", id)).TotalMilliseconds;
        await qmp.AskAsync("object-del", ("id", "mem-" + id));
        return elapsed;
    }

    /// <summary>Asks the guest's shell on the console for MemTotal.</summary>
    private static async Task<ulong> MemTotalAsync(Process process)
    {
        // Neither mark stands in the echo of the command.
        await process.StandardInput.WriteAsync("awk '/MemTotal/ { print \"TOTAL\" \"=\" $2 \"=\" \"END\" }' /proc/meminfo\n");
        await process.StandardInput.FlushAsync();
        string seen = await GuestSetup.ReadToAsync(process, "=END");
        int at = seen.LastIndexOf("TOTAL=", StringComparison.Ordinal) + "TOTAL=".Length;
        return ulong.Parse(seen[at..seen.IndexOf("=END", StringComparison.Ordinal)], CultureInfo.InvariantCulture) * 1024;
    }

    private static void Check(ulong expected, ulong actual)
    {
        if (actual != expected)
        {
            throw new InvalidOperationException($"The guest's MemTotal is {actual}, not {expected}.");
        }
    }
}
