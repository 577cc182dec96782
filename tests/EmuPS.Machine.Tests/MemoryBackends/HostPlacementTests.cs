using System;
using System.Globalization;
using System.IO;
using System.Linq;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>Huge pages and NUMA nodes of the host, as far as it has them.</summary>
[Collection("Huge pages")]
public sealed class HostPlacementTests : IDisposable
{
    private const int Pages = HugePageFactAttribute.Pages;
    private readonly HotplugRig _rig = new("1G,slots=8,maxmem=16G");

    private static ulong Size => Pages * HostFacts.HugePageSize;

    public void Dispose() => _rig.Dispose();

    [HugePageFact]
    public void A_memfd_of_huge_pages_takes_them_from_the_host_and_gives_them_back()
    {
        int before = HostFacts.FreeHugePages;
        MemoryBackendInfo backend = _rig.Manager.AddBackend(new() { Id = "a", Kind = MemoryBackendKind.Memfd, SizeBytes = Size, HugeTlb = true, HugePageSize = HostFacts.HugePageSize });
        Assert.Equal(HostFacts.HugePageSize, backend.RegionAlignment);
        Assert.Equal(before - Pages, HostFacts.FreeHugePages);
        Use("a");
        Assert.Contains("huge", NumaMap(), StringComparison.Ordinal);
        _rig.Guest.Eject(0);
        _rig.Manager.RemoveBackend("a");
        Assert.Equal(before, HostFacts.FreeHugePages);
    }

    [HugePageFact]
    public void More_huge_pages_than_there_are_is_an_error_that_says_what_to_do()
    {
        MemoryBackendOptions options = new() { Kind = MemoryBackendKind.Memfd, SizeBytes = Size << 20, HugeTlb = true };
        EngineException error = Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options with { Id = "a" }));
        Assert.Equal(ErrorIds.HostMemoryExhausted, error.ErrorId);
        Assert.Empty(_rig.Manager.Backends);
    }

    [HugePageFact(needsFileSystem: true)]
    public void A_folder_of_a_hugetlbfs_gives_memory_of_its_page_size()
    {
        string folder = HostFacts.HugeTlbFolder!;
        int before = HostFacts.FreeHugePages;
        MemoryBackendInfo backend = _rig.Manager.AddBackend(new() { Id = "a", Kind = MemoryBackendKind.File, SizeBytes = Size, Path = folder, Preallocate = true });
        Assert.Equal(HostFacts.HugePageSize, backend.RegionAlignment);
        Assert.Equal(before - Pages, HostFacts.FreeHugePages);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Use("a");
        Assert.Contains("huge", NumaMap(), StringComparison.Ordinal);
        _rig.Guest.Eject(0);
        _rig.Manager.RemoveBackend("a");
        Assert.Equal(before, HostFacts.FreeHugePages);
    }

    [HugePageFact(needsFileSystem: true)]
    public void A_truncated_file_of_a_hugetlbfs_reads_as_zeros()
    {
        string path = Path.Combine(HostFacts.HugeTlbFolder!, Guid.NewGuid().ToString("N"));
        try
        {
            _rig.Manager.AddBackend(new() { Id = "a", Kind = MemoryBackendKind.File, SizeBytes = Size, Path = path, Share = true });
            Use("a");
            using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                file.SetLength((long)HostFacts.HugePageSize);
            byte[] read = new byte[1];
            Assert.True(_rig.Host.Memory.TryRead(Ram.Range.Start + Size - 1, read));
            Assert.Equal(0, read[0]);
            Assert.True(_rig.Host.Memory.TryRead(Ram.Range.Start, read));
            Assert.Equal(1, read[0]);
            Assert.Equal(Size - HostFacts.HugePageSize, _rig.Manager.GetBackend("a").LostBytes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [NumaFact]
    public void Memory_is_bound_to_the_hosts_node()
    {
        foreach ((HostMemoryPolicy policy, string word) in new[] { (HostMemoryPolicy.Bind, "bind:0"), (HostMemoryPolicy.Interleave, "interleave:0"), (HostMemoryPolicy.Preferred, "prefer:0") })
        {
            _rig.Manager.AddBackend(new() { Id = "a", SizeBytes = 4 * HotplugRig.MiB, HostPolicy = policy, HostNodes = [0], Preallocate = true });
            Use("a");
            string map = NumaMap();
            Assert.Contains(word, map, StringComparison.Ordinal);
            Assert.Contains("N0=", map, StringComparison.Ordinal);
            Assert.Equal((policy, (ushort)0), (_rig.Manager.GetBackend("a").Options.HostPolicy, _rig.Manager.GetBackend("a").Options.HostNodes[0]));
            _rig.Guest.Eject(0);
            _rig.Manager.RemoveBackend("a");
        }
    }

    private RamRegion Ram => _rig.Host.Memory.Map.Ram[0];

    /// <summary>Plugs, and writes to the first and last byte.</summary>
    private void Use(string id)
    {
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = id });
        Assert.True(_rig.Host.Memory.TryWrite(Ram.Range.Start, [1]));
        Assert.True(_rig.Host.Memory.TryWrite(Ram.Range.Last, [2]));
    }

    /// <summary>The host's line about the memory.</summary>
    private unsafe string NumaMap() => File.ReadLines("/proc/self/numa_maps").First(line => line.StartsWith(((ulong)Ram.Host).ToString("x", CultureInfo.InvariantCulture) + " ", StringComparison.Ordinal));
}
