using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.Tests.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>Preallocation takes long: the guest goes on, somebody hears how far it is, and it can be ended.</summary>
public sealed class PreallocationTests : IDisposable
{
    private const ulong Size = 192 * HotplugRig.MiB;
    private readonly HotplugRig _rig = new("1G,slots=8,maxmem=16G");

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void It_holds_no_lock_and_tells_how_far_it_is()
    {
        _rig.Backend("a", Size);
        ulong most = 0;
        Hearer hearer = new(done =>
        {
            // What a running guest's device access needs; on a thread of its own, as the lock may be entered twice by one.
            Assert.True(Task.Run(TakeDeviceLock).Wait(TimeSpan.FromSeconds(30)));
            InterlockedMax(ref most, done);
        });

        _rig.Manager.SetBackend("a", preallocate: true, preallocateThreads: 2, progress: hearer);

        Assert.Equal(Size, most);
        Assert.True(_rig.Manager.GetBackend("a").Options.Preallocate ?? false);
    }

    [Fact]
    public unsafe void It_can_be_ended_and_begun_again()
    {
        _rig.Dimm("a", Size);
        RamRegion ram = _rig.Host.Memory.Map.Ram[0];
        using CancellationTokenSource end = new();
        Assert.ThrowsAny<OperationCanceledException>(() => _rig.Manager.SetBackend("mem-a", preallocate: true, progress: new Hearer(_ => end.Cancel()), cancellationToken: end.Token));
        Assert.False(_rig.Manager.GetBackend("mem-a").Options.Preallocate ?? false);
        Assert.InRange(PageMap.PresentPages(ram.Host, Size), 1, ((long)Size / 4096) - 1);
        _rig.Manager.SetBackend("mem-a", preallocate: true);
        Assert.Equal((long)Size / 4096, PageMap.PresentPages(ram.Host, Size));
    }

    [Fact]
    public void A_backend_whose_making_was_ended_is_not_there_and_its_file_neither()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        using CancellationTokenSource end = new();
        MemoryBackendOptions options = new() { Id = "a", Kind = MemoryBackendKind.File, Path = path, SizeBytes = Size, Preallocate = true };
        Assert.ThrowsAny<OperationCanceledException>(() => _rig.Manager.AddBackend(options, new Hearer(_ => end.Cancel()), end.Token));
        Assert.Empty(_rig.Manager.Backends);
        Assert.False(File.Exists(path));
        _rig.Backend("a", HotplugRig.MiB);
    }

    [Fact]
    public async Task A_backend_can_be_removed_meanwhile()
    {
        _rig.Backend("a", Size);
        Task? removal = null;
        Hearer hearer = new(_ => removal ??= Remove());
        Assert.Equal("object 'a' not found", Assert.Throws<EngineException>(() => _rig.Manager.SetBackend("a", preallocate: true, preallocateThreads: 1, progress: hearer)).Message);
        await removal!.WaitAsync(TestMachine.Limit);
        Assert.Empty(_rig.Manager.Backends);

        Task Remove()
        {
            Task task = Task.Run(() => _rig.Manager.RemoveBackend("a"));
            SpinWait.SpinUntil(() => _rig.Manager.Backends.Count == 0);
            return task;
        }
    }

    private void TakeDeviceLock()
    {
        lock (_rig.Host.DeviceLock)
        {
            // Having got it is all.
        }
    }

    private static void InterlockedMax(ref ulong most, ulong value)
    {
        ulong seen = Volatile.Read(ref most);
        while (seen < value)
        {
            ulong was = Interlocked.CompareExchange(ref most, value, seen);
            if (was == seen)
                return;
            seen = was;
        }
    }

    private sealed class Hearer(Action<ulong> heard) : IProgress<ulong>
    {
        public void Report(ulong value) => heard(value);
    }
}
