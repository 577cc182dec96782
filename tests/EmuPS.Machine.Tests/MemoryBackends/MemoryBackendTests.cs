using System;
using System.IO;
using System.Linq;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

public sealed class MemoryBackendTests : IDisposable
{
    private const ulong MiB = HotplugRig.MiB;
    private readonly HotplugRig _rig = new("1G,slots=8,maxmem=16G");
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-test-").FullName;

    public void Dispose()
    {
        _rig.Dispose();
        Directory.Delete(_folder, true);
    }

    public static TheoryData<string, MemoryBackendOptions> Refusals => new()
    {
        { "Parameter 'size' is missing", new() },
        { "property 'size' of memory-backend-ram doesn't take value '0'", new() { SizeBytes = 0 } },
        { "property 'size' of memory-backend-file doesn't take value '0'", new() { Kind = MemoryBackendKind.File, SizeBytes = 0 } },
        { "Parameter 'mem-path' is missing", new() { Kind = MemoryBackendKind.File, SizeBytes = 1 } },
        { "host-nodes must be set for policy bind", new() { SizeBytes = MiB, HostPolicy = HostMemoryPolicy.Bind } },
        { "host-nodes must be empty for policy default, or you should explicitly specify a policy other than default", new() { SizeBytes = MiB, HostNodes = [0] } },
        { "Invalid host-nodes value: 128", new() { SizeBytes = MiB, HostNodes = [128] } },
        { "'prealloc=on' and 'reserve=off' are incompatible", new() { SizeBytes = MiB, Preallocate = true, Reserve = false } },
        { "property 'prealloc-threads' of memory-backend-ram doesn't take value '0'", new() { SizeBytes = MiB, PreallocateThreads = 0 } },
        { "cannot set up guest memory 'b': Cannot allocate memory", new() { Id = "b", SizeBytes = 1UL << 60 } },
        { "cannot set up guest memory 'b': Cannot allocate memory", new() { Id = "b", SizeBytes = ulong.MaxValue } },
        { "Hugepage size must be a power of 2", new() { Kind = MemoryBackendKind.Memfd, SizeBytes = MiB, HugeTlb = true, HugePageSize = 3 } },
        { "can't open backing store  for guest RAM: No such file or directory", new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = string.Empty } },
        { "can't open backing store /nonexistent/a/b for guest RAM: No such file or directory", new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = "/nonexistent/a/b" } },
        { "unable to map backing store for guest RAM: No such device", new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = "/dev/null" } },
        { "property 'rom' = 'on' is not supported with 'readonly' = 'off'", new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = "/dev/null", Rom = true } },
        { "property 'rom' = 'off' is incompatible with 'readonly' = 'on' and 'share' = 'on'", new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = "/dev/null", Rom = false, ReadOnly = true, Share = true } },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_is_refused_in_qemus_words(string message, MemoryBackendOptions options)
    {
        Assert.Equal(message, Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options)).Message);
        Assert.Empty(_rig.Manager.Backends);
    }

    [Theory]
    [InlineData(3UL, 0UL, "alignment 0x3 must be multiples of page size 0x1000")]
    [InlineData(0x3000UL, 0UL, "alignment 0x3000 must be a power of two")]
    [InlineData(0UL, 0x800UL, "offset 0x800 must be multiples of page size 0x1000")]
    public void Wrong_alignments_of_a_file_are_refused(ulong align, ulong offset, string message)
    {
        string path = FileOf(4 * MiB);
        MemoryBackendOptions options = new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = path, Align = align, Offset = offset };
        Assert.Equal(message, Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options)).Message);
        Assert.Equal(4 * (long)MiB, new FileInfo(path).Length);
    }

    [Fact]
    public void A_missing_file_is_made_and_kept_and_an_empty_one_extended()
    {
        string made = Path.Combine(_folder, "made");
        string empty = FileOf(0);
        AddFile("a", made, 2 * MiB);
        AddFile("b", empty, 2 * MiB);
        _rig.Manager.RemoveBackend("a");
        Assert.Equal([2 * (long)MiB, 2 * (long)MiB], [new FileInfo(made).Length, new FileInfo(empty).Length]);

    }

    [Fact]
    public void A_file_made_for_a_backend_that_failed_is_gone()
    {
        string path = Path.Combine(_folder, "failed");
        MemoryBackendOptions options = new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = path, Align = 3 };
        Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_file_made_for_a_backend_whose_host_nodes_do_not_exist_is_gone_too()
    {
        string path = Path.Combine(_folder, "bound");
        MemoryBackendOptions options = new() { Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = path, HostPolicy = HostMemoryPolicy.Bind, HostNodes = [127] };
        EngineException error = Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options));
        Assert.Equal(ErrorIds.HostNumaUnavailable, error.ErrorId);
        Assert.StartsWith("cannot bind memory to host NUMA nodes: ", error.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void After_the_machine_has_ended_no_backend_is_made()
    {
        _rig.Dispose();
        Assert.Equal(ErrorIds.MachineEnded, Assert.Throws<EngineException>(() => _rig.Backend("a", MiB)).ErrorId);
    }

    [Fact]
    public void A_file_that_is_too_small_is_refused_and_not_touched()
    {
        string path = FileOf(5);
        Assert.Equal("backing store size 0x5 does not match 'size' option 0x100000", Assert.Throws<EngineException>(() => AddFile("a", path, MiB)).Message);
        MemoryBackendOptions offset = new() { Id = "b", Kind = MemoryBackendKind.File, SizeBytes = MiB, Path = FileOf(MiB), Offset = 4096 };
        Assert.Equal("b backing store size 0x100000 is too small for 'size' option 0x100000 plus 'offset' option 0x1000", Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(offset)).Message);
        Assert.Equal(5, new FileInfo(path).Length);
    }

    [Fact]
    public void A_folder_gives_a_file_without_a_name()
    {
        AddFile("a", _folder, 2 * MiB);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Guest_writes_reach_the_file_only_when_shared(bool share)
    {
        string path = FileOf(2 * MiB);
        _rig.Manager.AddBackend(new MemoryBackendOptions { Id = "a", Kind = MemoryBackendKind.File, SizeBytes = 2 * MiB, Path = path, Share = share });
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "a" });
        Assert.True(_rig.Host.Memory.TryWrite(0x1_0000_0000, [7]));
        Assert.Equal(share ? 7 : 0, ReadByte(path, 0));
    }

    [Fact]
    public void An_offset_starts_inside_the_file_and_discard_empties_it()
    {
        string path = FileOf(4 * MiB);
        _rig.Manager.AddBackend(new MemoryBackendOptions { Id = "a", Kind = MemoryBackendKind.File, SizeBytes = 2 * MiB, Path = path, Share = true, Offset = MiB, DiscardData = true });
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "a" });
        _rig.Host.Memory.TryWrite(0x1_0000_0000, [9]);
        Assert.Equal(9, ReadByte(path, (long)MiB));
        _rig.Guest.Eject(0);
        _rig.Manager.RemoveBackend("a");
        Assert.Equal(0, ReadByte(path, (long)MiB));
    }

    [Fact]
    public void Files_align_to_pages_and_anonymous_memory_to_two_mebibytes()
    {
        AddFile("f", FileOf(2 * MiB), 2 * MiB);
        Assert.Equal([4096UL, 2 * MiB], [_rig.Manager.GetBackend("f").RegionAlignment, _rig.Backend("r", 1).RegionAlignment]);
        AddFile("small", FileOf(MiB), 4096);
        Assert.Equal(4096UL, _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "small" }).SizeBytes);
    }

    [Fact]
    public void A_read_only_file_is_rom_to_the_guest()
    {
        string path = FileOf(2 * MiB);
        MemoryBackendOptions options = new() { Id = "a", Kind = MemoryBackendKind.File, SizeBytes = 2 * MiB, Path = path, ReadOnly = true };
        Assert.Equal("can't open backing store /nonexistent for guest RAM: No such file or directory", Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options with { Path = "/nonexistent" })).Message);
        Assert.Equal($"can't open backing store {_folder} for guest RAM: Is a directory", Assert.Throws<EngineException>(() => _rig.Manager.AddBackend(options with { Path = _folder })).Message);
        _rig.Manager.AddBackend(options);
        _rig.Manager.AddBackend(options with { Id = "b", Rom = false });
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "a" });
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "b" });
        Assert.Equal([true, false], _rig.Host.Memory.Map.Ram.Select(r => r.ReadOnly));
        Assert.True(_rig.Host.Memory.TryWrite(0x1_0020_0000, [1]));
        Assert.Equal(0, ReadByte(path, 0));
    }

    [Fact]
    public void A_memfd_is_shared_by_default_and_aligned_to_pages()
    {
        MemoryBackendInfo memfd = _rig.Manager.AddBackend(new MemoryBackendOptions { Id = "m", Kind = MemoryBackendKind.Memfd, SizeBytes = 2 * MiB });
        Assert.Equal((true, 4096UL, true), (memfd.Options.Share, memfd.RegionAlignment, memfd.Options.Seal));
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "m" });
        Assert.True(_rig.Host.Memory.TryWrite(0x1_001F_FFFF, [1]));
    }

    [Fact]
    public void A_backend_of_any_size_can_be_made_and_deleted_and_made_again()
    {
        for (int n = 0; n < 3; n++)
        {
            Assert.Equal(1_000_001UL, _rig.Backend("a", 1_000_001).SizeBytes);
            _rig.Manager.RemoveBackend("a");
        }

        Assert.Throws<EngineException>(() => _rig.Manager.RemoveBackend("a"));
    }

    [Fact]
    public unsafe void Preallocation_fills_every_page_with_several_threads_and_can_come_later()
    {
        const long Pages = 64 * 256;
        _rig.Manager.AddBackend(new MemoryBackendOptions { Id = "a", SizeBytes = 64 * MiB, Preallocate = true, PreallocateThreads = 3 });
        _rig.Backend("b", 64 * MiB);
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "a" });
        _rig.Manager.AddDimm(new PcDimmOptions { BackendId = "b" });
        RamRegion[] ram = [.. _rig.Host.Memory.Map.Ram];
        Assert.Equal([Pages, 0], [PageMap.PresentPages(ram[0].Host, ram[0].Range.Size), PageMap.PresentPages(ram[1].Host, ram[1].Range.Size)]);
        _rig.Host.Memory.TryWrite(ram[1].Range.Start, [5]);
        _rig.Manager.SetBackend("b", preallocate: true, merge: false, dump: false, preallocateThreads: 2);
        MemoryBackendOptions now = _rig.Manager.GetBackend("b").Options;
        Assert.Equal((true, false, false, 2u), (now.Preallocate ?? false, now.Merge, now.Dump, now.PreallocateThreads!.Value));
        Assert.Equal(Pages, PageMap.PresentPages(ram[1].Host, ram[1].Range.Size));
        Assert.Equal(5, *ram[1].Host);
    }

    [Fact]
    public unsafe void An_untouched_terabyte_without_reservation_and_untouched_dimms_cost_next_to_nothing()
    {
        const int Dimms = 200;
        const long MostBytes = 16 * 1024;
        using HotplugRig rig = new("1G,slots=256,maxmem=2T");
        rig.Manager.AddBackend(new MemoryBackendOptions { Id = "big", SizeBytes = 1UL << 40, Reserve = false });
        rig.Manager.AddDimm(new PcDimmOptions { BackendId = "big" });
        for (int n = 0; n < Dimms; n++)
        {
            rig.Dimm($"d{n}", 128 * MiB);
        }

        foreach (RamRegion region in rig.Host.Memory.Map.Ram.Where(r => r.Range.Size == 128 * MiB))
        {
            long pages = PageMap.PresentPages(region.Host, region.Range.Size) + PageMap.PresentPages(region.PageFlags, region.Range.Size >> 12);
            Assert.InRange(pages * 4096, 0, MostBytes);
        }
    }

    [Fact]
    public void Everything_asked_for_can_be_read_back()
    {
        MemoryBackendOptions asked = new() { Id = "a", SizeBytes = MiB, Merge = false, Dump = false, Share = true, Preallocate = false, PreallocateThreads = 4 };
        Assert.Equal(asked with { HostNodes = [] }, _rig.Manager.AddBackend(asked).Options with { HostNodes = asked.HostNodes });
        Assert.Equal(["id", "size", "merge", "dump", "prealloc", "share", "reserve", "host-nodes", "policy"], _rig.Manager.GetBackend("a").ToQmp().Keys);
    }

    private MemoryBackendInfo AddFile(string id, string path, ulong size) =>
        _rig.Manager.AddBackend(new MemoryBackendOptions { Id = id, Kind = MemoryBackendKind.File, SizeBytes = size, Path = path });

    private string FileOf(ulong length)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        using FileStream stream = File.Create(path);
        stream.SetLength((long)length);
        return path;
    }

    private static int ReadByte(string path, long offset)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = offset;
        return stream.ReadByte();
    }
}
