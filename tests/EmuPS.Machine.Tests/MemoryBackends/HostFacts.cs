using System;
using System.IO;
using System.Linq;
using EmuPS.Core.Native;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>What this host has to offer for memory backends.</summary>
internal static class HostFacts
{
    /// <summary>How many huge pages of the default size nobody uses.</summary>
    public static int FreeHugePages => ReadCount("HugePages_Free") - ReadCount("HugePages_Rsvd");

    /// <summary>The default size of a huge page in bytes; 0 without any.</summary>
    public static ulong HugePageSize => (ulong)ReadCount("Hugepagesize") << 10;

    /// <summary>A hugetlbfs with pages of the default size in which files can be made, or null.</summary>
    public static string? HugeTlbFolder => !OperatingSystem.IsLinux() ? null : File.ReadLines("/proc/mounts")
        .Select(line => line.Split(' '))
        .Where(mount => mount[2] == "hugetlbfs" && mount[3].Contains($"pagesize={HugePageSize >> 20}M", StringComparison.Ordinal))
        .Select(mount => mount[1])
        .FirstOrDefault(IsWritable);

    /// <summary>Whether memory can be bound to node 0.</summary>
    public static unsafe bool HasBinding()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/sys/devices/system/node/node0") || !File.Exists("/proc/self/numa_maps"))
            return false;
        const ulong Size = 4096;
        byte* memory = HostMapping.Map(null, 0, Size, Size, false, false, true);
        try
        {
            HostMapping.Bind(memory, Size, 2, [0]);
            return true;
        }
        catch (HostCallException)
        {
            return false;
        }
        finally
        {
            HostMapping.Unmap(memory, Size);
        }
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            string path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            File.Create(path).Dispose();
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int ReadCount(string name)
    {
        string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
