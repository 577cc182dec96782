using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Pc;

namespace EmuPS.Benchmarks;

/// <summary>Samples where the guest's processor is, and names the kernel functions by the guest's own list of symbols.</summary>
internal sealed class GuestProfile(VirtualMachine machine)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);
    private readonly Dictionary<ulong, int> _samples = [];

    /// <summary>Samples until cancelled.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && machine.Exit is null)
        {
            string text = machine.DescribeProcessor();
            ulong rip = ulong.Parse(text.AsSpan(text.IndexOf("RIP=", StringComparison.Ordinal) + 4, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _samples[rip] = _samples.GetValueOrDefault(rip) + 1;
            await Task.Delay(s_interval, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Prints the functions with most samples. The kernel must lie where it was linked: booted unpacked, or with nokaslr.</summary>
    /// <param name="symbols">The guest's /proc/kallsyms; empty to print addresses.</param>
    public void Print(string symbols)
    {
        (ulong Address, string Name)[] table =
        [
            .. symbols.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Where(words => words.Length >= 3 && words[1] is "t" or "T" or "w" or "W")
                .Select(words => (ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[2]))
                .OrderBy(symbol => symbol.Item1),
        ];
        ulong[] addresses = [.. table.Select(symbol => symbol.Address)];
        int total = _samples.Values.Sum();
        foreach (IGrouping<string, KeyValuePair<ulong, int>> function in _samples
            .GroupBy(sample => Name(sample.Key))
            .OrderByDescending(group => group.Sum(sample => sample.Value))
            .Take(40))
        {
            int count = function.Sum(sample => sample.Value);
            KeyValuePair<ulong, int> hottest = function.MaxBy(sample => sample.Value);
            Console.WriteLine($"{100.0 * count / total,5:F1} % {count,6} {function.Key} (0x{hottest.Key:x}: {hottest.Value})");
        }

        string Name(ulong address)
        {
            int index = Array.BinarySearch(addresses, address);
            index = index < 0 ? ~index - 1 : index;
            return index < 0 ? address < 1UL << 47 ? "user" : $"0x{address:x}" : table[index].Name;
        }
    }
}
