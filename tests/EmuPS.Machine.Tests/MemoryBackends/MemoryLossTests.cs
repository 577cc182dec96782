using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using EmuPS.Machine.Tests.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>Backing files that lose pages while they are mapped: what would be a SIGBUS and the end of the process.</summary>
[Collection("Huge pages")]
public sealed class MemoryLossTests : IDisposable
{
    private const ulong MiB = HotplugRig.MiB;
    private const ulong Base = 0x1_0000_0000;
    private readonly HotplugRig _rig = new("1G,slots=8,maxmem=16G");
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-test-").FullName;

    public void Dispose()
    {
        _rig.Dispose();
        Directory.Delete(_folder, true);
    }

    [LossTheory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Truncated_memory_reads_as_zeros_can_be_written_and_is_made_known_once(bool share, bool preallocate)
    {
        string path = Plug("a", 8 * MiB, share, preallocate);
        Write(MiB, 7);
        Write(6 * MiB, 9);

        Truncate(path, 2 * MiB);

        Assert.Equal([7, 0, 0], [Read(MiB), Read(6 * MiB), Read((8 * MiB) - 1)]);
        Write(6 * MiB, 11);
        Assert.Equal(11, Read(6 * MiB));
        MachineEvent lost = await LostAsync();
        Assert.Equal(["id", "qom-path", "device", "offset", "size", "action", "reason"], lost.Data.Keys);
        Assert.Equal(["a", "/objects/a", "dimm-a", 2L << 20, 6L << 20, "stop", $"the backing store was truncated ({path})"], lost.Data.Values);
        await _rig.Host.Paused.WaitAsync(TestMachine.Limit);
        MemoryBackendInfo backend = _rig.Manager.GetBackend("a");
        Assert.Equal((true, 6 * MiB, 2 * MiB), (backend.IsLost, backend.LostBytes, backend.FirstLostOffset!.Value));
        Assert.Single(_rig.Events.Since(0), e => e.Name == MemoryHotplugManager.MemoryLostEvent);
    }

    [LossFact]
    public void A_second_truncation_loses_more_and_leaves_the_rest_alone()
    {
        string path = Plug("a", 8 * MiB);
        Truncate(path, 6 * MiB);
        Write(7 * MiB, 3);
        Write(3 * MiB, 4);
        Truncate(path, (2 * MiB) + 100);

        Assert.Equal([0, 3, 0], [Read(3 * MiB), Read(7 * MiB), Read((2 * MiB) + 4096)]);
        Assert.Equal((6 * MiB) - 4096, _rig.Manager.GetBackend("a").LostBytes);
    }

    [LossFact]
    public async Task Many_threads_in_many_lost_pages_each_see_what_they_wrote()
    {
        const int Threads = 4;
        const ulong Size = 64 * MiB;
        string path = Plug("a", Size, share: true, preallocate: true);
        Truncate(path, 0);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (ulong page = (ulong)thread; page < Size / 4096; page += Threads)
            {
                ulong at = (page * 4096) + (ulong)thread;
                Assert.Equal(0, Read(at));
                Write(at, (byte)(page | 1));
                Assert.Equal((byte)(page | 1), Read(at));
            }
        })));
        Assert.Equal(Size, _rig.Manager.GetBackend("a").LostBytes);
        for (ulong page = 0; page < Size / 4096; page++)
        {
            Assert.Equal((byte)(page | 1), Read((page * 4096) + (page % Threads)));
        }
    }

    [LossFact]
    public async Task Threads_that_meet_in_one_lost_page_lose_nothing_that_was_written()
    {
        for (int round = 0; round < 50; round++)
        {
            string path = Plug("a", 2 * MiB);
            Write(MiB, 1);
            Truncate(path, 0);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => Write(MiB + (ulong)thread, (byte)(thread + 1)))));
            Assert.Equal([1, 2, 3, 4], [Read(MiB), Read(MiB + 1), Read(MiB + 2), Read(MiB + 3)]);
            Remove("a");
        }
    }

    [LossFact]
    public void A_lost_backend_can_be_unplugged_plugged_again_and_removed()
    {
        string path = Plug("a", 4 * MiB);
        Truncate(path, 0);
        Assert.Equal(0, Read(MiB));
        _rig.Guest.Eject(0);
        _rig.Manager.AddDimm(new PcDimmOptions { Id = "again", BackendId = "a" });
        Assert.Equal(0, Read(MiB));
        _rig.Guest.Eject(0);
        _rig.Manager.RemoveBackend("a");
        Assert.Empty(_rig.Manager.Backends);
        Plug("a", 4 * MiB);
        Assert.False(_rig.Manager.GetBackend("a").IsLost);
    }

    [LossTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_removed_or_replaced_file_loses_nothing(bool replace)
    {
        string path = Plug("a", 4 * MiB);
        Write(MiB, 5);
        if (replace)
        {
            File.WriteAllText(path + ".new", "another file");
            File.Move(path + ".new", path, overwrite: true);
        }
        else
        {
            File.Delete(path);
        }

        Assert.Equal([5, 0], [Read(MiB), Read(2 * MiB)]);
        Assert.False(_rig.Manager.GetBackend("a").IsLost);
        Assert.Empty(_rig.Events.Since(0));
    }

    [LossFact]
    public async Task A_memfd_without_a_seal_can_be_truncated_and_one_with_a_seal_cannot()
    {
        Add(new MemoryBackendOptions { Id = "open", Kind = MemoryBackendKind.Memfd, SizeBytes = 2 * MiB, Seal = false });
        Truncate(Memfds().Single(), 0);
        Assert.Equal(0, Read(MiB));
        Assert.Equal("open", (await LostAsync()).Data["id"]);
        Remove("open");
        Add(new MemoryBackendOptions { Id = "sealed", Kind = MemoryBackendKind.Memfd, SizeBytes = 2 * MiB });
        Assert.ThrowsAny<Exception>(() => Truncate(Memfds().Single(), 0));
        Assert.Equal(0, Read(MiB));
    }

    [LossFact]
    public async Task A_page_that_the_host_does_not_have_is_lost_alone()
    {
        // Without a promise, huge pages can be mapped that nobody set aside; touching them is a SIGBUS.
        ulong free = ulong.Parse(File.ReadLines("/proc/meminfo").First(line => line.StartsWith("HugePages_Free", StringComparison.Ordinal)).Split(':')[1].Trim(), CultureInfo.InvariantCulture);
        ulong size = (free + 4) * 2 * MiB;
        Add(new MemoryBackendOptions { Id = "huge", Kind = MemoryBackendKind.Memfd, SizeBytes = size, HugeTlb = true, HugePageSize = 2 * MiB, Reserve = false });
        for (ulong at = 0; at < size; at += 2 * MiB)
        {
            Write(at + 5, 6);
            Assert.Equal([0, 6], [Read(at), Read(at + 5)]);
        }

        MemoryBackendInfo backend = _rig.Manager.GetBackend("huge");
        Assert.InRange(backend.LostBytes, 8 * MiB, size);
        Assert.Equal("the host has no page for the backing store: its file system is full or failed", (await LostAsync()).Data["reason"]);
    }

    [LossFact]
    public void A_truncated_file_cannot_be_preallocated()
    {
        Truncate(Plug("a", 8 * MiB), MiB);
        EngineException error = Assert.Throws<EngineException>(() => _rig.Manager.SetBackend("a", preallocate: true, preallocateThreads: 2));
        Assert.Equal("qemu_prealloc_mem: preallocating memory failed: Bad address", error.Message);
        Assert.False(_rig.Manager.GetBackend("a").Options.Preallocate ?? false);
    }

    [LossFact]
    public async Task The_policy_can_be_to_report_only_and_is_a_property_of_the_machine()
    {
        string socket = Path.Combine(_folder, "qmp");
        using FakeMachineControl control = new();
        using QmpServer server = QmpServer.ListenUnix(control, socket);
        using QmpClient client = await QmpClient.OpenAsync(socket);
        Assert.Equal("{\"return\": \"stop\"}", await client.AskAsync("{'execute':'qom-get','arguments':{'path':'/machine','property':'memory-loss'}}"));
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'qom-set','arguments':{'path':'/machine','property':'memory-loss','value':'report'}}"));
        Assert.Equal(
            "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Parameter 'memory-loss' does not accept value 'x'\"}}",
            await client.AskAsync("{'execute':'qom-set','arguments':{'path':'/machine','property':'memory-loss','value':'x'}}"));
        control.Hotplug.AddBackend(new() { Id = "a", Kind = MemoryBackendKind.Memfd, SizeBytes = 2 * MiB, Seal = false });
        control.Hotplug.AddDimm(new() { BackendId = "a" });
        Truncate(Memfds().Single(), MiB);
        Assert.True(control.Rig.Host.Memory.TryRead(Base + MiB, new byte[1]));
        await client.ReceiveEventAsync(MemoryHotplugManager.MemoryLostEvent);
        Assert.Equal("report", ((IReadOnlyDictionary<string, object?>)client.Events[0]["data"]!)["action"]);
        Assert.Equal("{\"return\": true}", await client.AskAsync("{'execute':'qom-get','arguments':{'path':'/objects/a','property':'lost'}}"));
        Assert.Equal("{\"return\": 1048576}", await client.AskAsync("{'execute':'qom-get','arguments':{'path':'/objects/a','property':'lost-bytes'}}"));
        Assert.False(control.Rig.Host.Paused.IsCompleted);
    }

    private async Task<MachineEvent> LostAsync() => await _rig.Events.WaitAsync(e => e.Name == MemoryHotplugManager.MemoryLostEvent, 0, TestMachine.Limit);

    private string Plug(string id, ulong size, bool share = true, bool preallocate = false)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        Add(new MemoryBackendOptions { Id = id, Kind = MemoryBackendKind.File, SizeBytes = size, Path = path, Share = share, Preallocate = preallocate });
        return path;
    }

    private void Add(MemoryBackendOptions options)
    {
        _rig.Manager.AddBackend(options);
        _rig.Manager.AddDimm(new PcDimmOptions { Id = "dimm-" + options.Id, BackendId = options.Id! });
    }

    private void Remove(string id)
    {
        _rig.Guest.Eject(0);
        _rig.Manager.RemoveBackend(id);
    }

    private byte Read(ulong offset)
    {
        byte[] one = new byte[1];
        Assert.True(_rig.Host.Memory.TryRead(Base + offset, one));
        return one[0];
    }

    private void Write(ulong offset, byte value) => Assert.True(_rig.Host.Memory.TryWrite(Base + offset, [value]));

    private static IEnumerable<string> Memfds() => Directory.GetFiles("/proc/self/fd").Where(path => File.ResolveLinkTarget(path, false)?.FullName.Contains("memory-backend-memfd", StringComparison.Ordinal) == true);

    private static void Truncate(string path, ulong length)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength((long)length);
    }
}
