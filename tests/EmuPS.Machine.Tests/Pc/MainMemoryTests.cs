using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>The initial memory as <c>-mem-prealloc</c> and <c>-mem-path</c> want it; compared with QEMU 7.2.</summary>
public sealed class MainMemoryTests : IDisposable
{
    private const string Memory = "64M,slots=3,maxmem=1G";
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-main-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Preallocation_holds_for_every_backend_that_does_not_say()
    {
        using TestMachine test = new(Memory, options => options with
        {
            PreallocateMemory = true,
            Backends = [new() { Id = "cold", SizeBytes = 4 << 20 }, new() { Id = "off", SizeBytes = 4 << 20, Preallocate = false }],
        });
        test.Machine.Hotplug.AddBackend(new() { Id = "hot", SizeBytes = 2 << 20 });
        Assert.Equal(
            [("cold", true), ("hot", true), ("off", false), ("pc.ram", true)],
            test.Machine.Hotplug.Backends.Select(backend => (backend.Id, backend.Options.Preallocate == true)));
        Assert.Equal(68UL << 20, test.Machine.Options.PreallocatedBytes);
    }

    [Fact]
    public void Its_progress_counts_the_initial_memory_first()
    {
        Progress heard = new();
        MachineOptions options = new() { Memory = MemoryConfiguration.Parse(Memory), Boot = BootOptions.Simulated, PreallocateMemory = true, Backends = [new() { Id = "cold", SizeBytes = 4 << 20 }] };
        using VirtualMachine machine = VirtualMachine.Create(options, heard);
        Assert.Equal(options.PreallocatedBytes, heard.Values.Max());
        Assert.Contains(64UL << 20, heard.Values);
    }

    [Fact]
    public async Task The_initial_memory_lies_in_the_file_and_the_guest_boots_from_it()
    {
        string file = Path.Combine(_folder, "ram");
        using TestMachine test = new(Memory, options => options with { MemoryPath = file, Backends = [new() { Id = "other", SizeBytes = 4 << 20 }] });
        await test.StartAsync();
        Assert.Equal(64L << 20, new FileInfo(file).Length);
        MemoryBackendOptions main = test.Machine.Hotplug.GetBackend(MemoryHotplugManager.MainBackendId).Options;
        Assert.Equal((MemoryBackendKind.File, file, false, false), (main.Kind, main.Path, main.Share, main.Preallocate == true));
        Assert.Equal(MemoryBackendKind.Ram, test.Machine.Hotplug.GetBackend("other").Options.Kind);
    }

    [Fact]
    public void A_folder_holds_a_nameless_file()
    {
        using TestMachine test = new(Memory, options => options with { MemoryPath = _folder });
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Equal("memory-backend-file", test.Machine.Hotplug.GetBackend(MemoryHotplugManager.MainBackendId).Options.TypeName);
    }

    [Theory]
    [InlineData("none/ram", "can't open backing store {0} for guest RAM: No such file or directory")]
    [InlineData("small", "backing store size 0x5 does not match 'size' option 0x4000000")]
    public void What_does_not_go_is_told_in_qemus_words(string name, string message)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(Path.Combine(_folder, "small"), "12345");
        EngineException error = Assert.Throws<EngineException>(() => VirtualMachine.Create(
            new() { Memory = MemoryConfiguration.Parse(Memory), Boot = BootOptions.Simulated, MemoryPath = path }));
        Assert.Equal(string.Format(null, message, path), error.Message);
    }

    [Fact]
    public void A_preallocation_that_is_ended_leaves_no_file()
    {
        string file = Path.Combine(_folder, "ram");
        using CancellationTokenSource end = new();
        end.Cancel();
        MachineOptions options = new() { Memory = MemoryConfiguration.Parse(Memory), Boot = BootOptions.Simulated, MemoryPath = file, PreallocateMemory = true };
        Assert.ThrowsAny<OperationCanceledException>(() => VirtualMachine.Create(options, cancellationToken: end.Token));
        Assert.False(File.Exists(file));
    }

    private sealed class Progress : IProgress<ulong>
    {
        private readonly List<ulong> _values = [];

        public IReadOnlyList<ulong> Values
        {
            get
            {
                lock (_values)
                    return [.. _values];
            }
        }

        public void Report(ulong value)
        {
            lock (_values)
                _values.Add(value);
        }
    }
}
