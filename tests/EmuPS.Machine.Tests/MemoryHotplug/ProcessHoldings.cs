using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>What the process holds: file descriptors, mappings and memory, as Linux tells.</summary>
/// <param name="Descriptors">Open files.</param>
/// <param name="Mappings">Entries of /proc/self/maps.</param>
/// <param name="BackendMappings">Those of memfds and of files in the folder.</param>
/// <param name="VirtualBytes">Address space.</param>
/// <param name="ResidentBytes">Memory.</param>
/// <param name="ManagedBytes">Objects.</param>
internal sealed record ProcessHoldings(int Descriptors, int Mappings, int BackendMappings, long VirtualBytes, long ResidentBytes, long ManagedBytes)
{
    /// <summary>Looks, after everything that can be collected has been.</summary>
    /// <param name="folder">Where backends have their files.</param>
    public static ProcessHoldings Now(string folder)
    {
        for (int n = 0; n < 3; n++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        string[] maps = File.ReadAllLines("/proc/self/maps");
        return new ProcessHoldings(
            Directory.GetFiles("/proc/self/fd").Length,
            maps.Length,
            maps.Count(line => line.Contains(folder, StringComparison.Ordinal) || line.Contains("memory-backend-memfd", StringComparison.Ordinal)),
            Kibibytes("VmSize:") << 10,
            Kibibytes("VmRSS:") << 10,
            GC.GetTotalMemory(false));
    }

    private static long Kibibytes(string name) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
