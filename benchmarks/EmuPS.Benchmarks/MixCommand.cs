using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

/// <summary>Runs the C programs of benchmarks/guest natively, in EmuPS and in QEMU's TCG, compares their results and prints the times of their parts.</summary>
/// <remarks>A part is timed by the guest's own clock, which all three have from the host.</remarks>
internal static partial class MixCommand
{
    // Built for 32-bit code in the guest; here for 64-bit code, since not every host runs the other: the results are the same.
    private const string Narrow = "narrow";

    private static readonly string[] s_programs = ["integer", "floating", "memory", "system", "selfmodifying"];

    /// <summary>Runs the mixes.</summary>
    /// <param name="arguments">--runs N, --only NAME (repeatable), --cpu MODEL (QEMU's), --append TEXT. The 32-bit program runs only when named, for it needs gcc's 32-bit libraries (Debian: gcc-multilib).</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        int runs = 3;
        string? cpu = null;
        string append = string.Empty;
        List<string> programs = [];
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i])
            {
                case "--runs":
                    runs = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "--only":
                    programs.Add(arguments[i + 1]);
                    break;
                case "--cpu":
                    cpu = arguments[i + 1];
                    break;
                case "--append":
                    append = " " + arguments[i + 1];
                    break;
                default:
                    throw new ArgumentException($"Unknown option {arguments[i]}.");
            }
        }

        if (programs.Count == 0)
        {
            programs.AddRange(s_programs);
        }

        DirectoryInfo work = Directory.CreateTempSubdirectory("emups-mix");
        try
        {
            return await MeasureAsync(work.FullName, programs, runs, cpu, append);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(string folder, List<string> programs, int runs, string? cpu, string append)
    {
        Dictionary<string, List<Part>> native = [];
        foreach (string program in programs)
        {
            string file = Path.Combine(folder, program);
            string source = Path.Combine(SourceFolder(), program + ".c");
            await RunHereAsync("gcc", "-O2", "-static", "-o", file, source, "-lm");
            native[program] = Parts(await RunHereAsync(file));
            if (program == Narrow)
            {
                await RunHereAsync("gcc", "-m32", "-O2", "-static", "-o", file, source);
            }
        }

        GuestImage image = new GuestImageStore().GetRequired();
        GuestSetup guest = new(image.KernelPath, AddPrograms(image.InitrdPath, folder, programs), GuestImage.DefaultCommandLine + append);
        bool hasQemu = GuestSetup.FindQemu();
        string[] commands = [.. programs.Select(program => "/bench/" + program)];
        List<GuestRun> ours = [];
        List<GuestRun> theirs = [];
        for (int run = 0; run < runs; run++)
        {
            ours.Add(await guest.EmuPSAsync(commands));
            if (hasQemu)
            {
                theirs.Add(await guest.QemuAsync(commands, cpu));
            }
        }

        Console.WriteLine($"median of {runs} runs, milliseconds; ratio = QEMU {cpu} / EmuPS");
        Console.WriteLine($"{"",-30}{"native",9}{"EmuPS",9}{"QEMU",9}{"ratio",8}");
        bool right = true;
        for (int n = 0; n < programs.Count; n++)
        {
            List<List<Part>> us = [.. ours.Select(run => Parts(run.Commands[n].Output))];
            List<List<Part>> them = [.. theirs.Select(run => Parts(run.Commands[n].Output))];
            List<double> ratios = [];
            foreach (Part part in native[programs[n]])
            {
                double own = Time(us, part, ref right);
                string row = $"{programs[n] + " " + part.Name,-30}{part.Milliseconds,9:F0}{own,9:F0}";
                if (hasQemu)
                {
                    double other = Time(them, part, ref right);
                    ratios.Add(other / own);
                    row += $"{other,9:F0}{other / own,8:F2}";
                }

                Console.WriteLine(row);
            }

            if (hasQemu)
            {
                Console.WriteLine($"{programs[n] + " mix",-30}{"",27}{Statistics.GeometricMean(ratios),8:F2}");
            }
        }

        return right ? 0 : 1;
    }

    private static double Time(List<List<Part>> runs, Part native, ref bool right)
    {
        List<double> times = [];
        foreach (List<Part> run in runs)
        {
            Part part = run.Single(part => part.Name == native.Name);
            times.Add(part.Milliseconds);
            if (part.Result != native.Result)
            {
                Console.WriteLine($"{native.Name}: result {part.Result}, natively {native.Result}");
                right = false;
            }
        }

        return Statistics.Median(times);
    }

    /// <summary>The image's initial RAM disk with the programs in /bench: the kernel unpacks archives one after the other.</summary>
    private static string AddPrograms(string initrd, string folder, List<string> programs)
    {
        string path = Path.Combine(folder, "initrd.img");
        using FileStream output = File.Create(path);
        output.Write(File.ReadAllBytes(initrd));
        output.SetLength((output.Length + 3) & ~3);
        output.Position = output.Length;
        using CpioWriter archive = new(output);
        foreach (string program in programs)
        {
            archive.AddFile("bench/" + program, File.ReadAllBytes(Path.Combine(folder, program)), executable: true);
        }

        return path;
    }

    private static string SourceFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string guest = Path.Combine(folder.FullName, "benchmarks", "guest");
            if (Directory.Exists(guest))
            {
                return guest;
            }
        }

        throw new InvalidOperationException("benchmarks/guest is not above the program: run it from a checkout.");
    }

    private static async Task<string> RunHereAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"There is no {program} (Debian: apt-get install gcc).");
        }
    }

    private static List<Part> Parts(string output)
        => [.. PartLine().Matches(output).Select(match => new Part(match.Groups[1].Value, match.Groups[2].Value, ulong.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) / 1e6))];

    [GeneratedRegex(@"part (\S+) ([0-9a-f]{16}) (\d+)")]
    private static partial Regex PartLine();

    private sealed record Part(string Name, string Result, double Milliseconds);
}
