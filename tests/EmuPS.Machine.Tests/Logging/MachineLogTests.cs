using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.MemoryHotplug;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Logging;

public sealed class MachineLogTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"emups-log-{Guid.NewGuid():n}.log");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task AHotplugCanBeReadInTheLog()
    {
        await RunHotplugAsync(MachineLogLevel.Information);

        string[] lines = File.ReadAllLines(_path);
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \w+ +test \w+: ", line));
        string[] wanted =
        [
            "Machine: Made: 64 MiB", "Machine: The guest runs.", "Hotplug: Backend 'mem-d1' made", "Hotplug: DIMM 'd1' plugged: slot 0, 0x100000000",
            "_OST source 0x1, status 0x0", "DIMM 'd1' in slot 0: the guest is asked to let go", "DIMM 'd1' ejected from slot 0", "Machine: Ended: host-qmp-quit",
        ];
        int[] places = [.. wanted.Select(text => Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal)))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task ALevelLeavesOutWhatIsBelowIt()
    {
        await RunHotplugAsync(MachineLogLevel.Error);
        Assert.Empty(File.ReadAllText(_path));
    }

    [Fact]
    public async Task DebugShowsMonitorCommandsAndTraceTheRegisters()
    {
        await RunHotplugAsync(MachineLogLevel.Trace);

        string text = File.ReadAllText(_path);
        Assert.Contains("Monitor: query-memory-devices", text, StringComparison.Ordinal);
        Assert.Contains("Monitor: device_del failed: Device 'none' not found (DeviceNotFound)", text, StringComparison.Ordinal);
        Assert.Contains("Slot 0: the guest took note of the insertion.", text, StringComparison.Ordinal);
        Assert.Matches("Trace +test Hotplug: Register 0x14 read, 1 bytes: 0x3", text);
        Assert.Matches("Trace +test Processor: The processor stopped: Leave", text);
    }

    [Fact]
    public void AFolderThatIsNotThereIsAnErrorOfItsOwn()
    {
        MachineLogOptions log = new(Path.Combine(_path, "none.log"));
        EngineException error = Assert.Throws<EngineException>(() => new TestMachine(change: options => options with { Log = log }));
        Assert.Equal(ErrorIds.LogFileUnavailable, error.ErrorId);
    }

    [Fact]
    public void ATextCannotBeginALineOfItsOwn()
    {
        using (MachineLog log = new("m", new MachineLogOptions(_path)))
            log.Warn("one\n2026-01-01T00:00:00.000000Z Error m Machine: two");

        Assert.Single(File.ReadAllLines(_path), line => line.StartsWith('2'));
    }

    [Fact]
    public void ADimmThatLinuxCannotUseIsWarnedOf()
    {
        using MachineLog log = new();
        using MemoryHotplugManager manager = new(new FakeMachineHost(), MemoryConfiguration.Parse("1G,slots=3,maxmem=4G"), new(), log: log) { GuestBlockBytes = 128 << 20 };
        manager.AddBackend(new() { Id = "m1", SizeBytes = 64 << 20 });
        manager.AddBackend(new() { Id = "m2", SizeBytes = 128 << 20 });

        manager.AddDimm(new() { Id = "d1", BackendId = "m1" });
        Assert.Contains("'d1' has 64 MiB", Assert.Single(log.WarningsAfter(0)), StringComparison.Ordinal);

        // The next one is large enough, but lies behind the first.
        manager.AddDimm(new() { Id = "d2", BackendId = "m2" });
        Assert.Contains("'d2'", Assert.Single(log.WarningsAfter(1)), StringComparison.Ordinal);
        Assert.Empty(log.WarningsAfter(2));
    }

    [Fact]
    public void OnlyTheLatestWarningsAreKept()
    {
        using MachineLog log = new();
        for (int n = 0; n < 300; n++)
            log.Warn($"{n}");

        Assert.Equal(300, log.WarningCount);
        Assert.Equal(256, log.WarningsAfter(0).Count);
        Assert.Equal(["298", "299"], log.WarningsAfter(298));
    }

    private async Task RunHotplugAsync(MachineLogLevel level)
    {
        using TestMachine test = new(change: options => options with { Log = new MachineLogOptions(_path, level) });
        await test.StartAsync();
        DimmInfo dimm = test.Plug("d1");
        await test.WaitAsync(dimm, DimmGoal.Accepted);
        QmpDispatcher monitor = new(test.Machine);
        monitor.Execute("query-memory-devices");
        Assert.Throws<EngineException>(() => monitor.Execute("device_del", new System.Collections.Generic.Dictionary<string, object?> { ["id"] = "none" }));
        test.Machine.Hotplug.RequestRemoval("d1");
        await test.WaitAsync(dimm, DimmGoal.Removed);
        test.Machine.PowerOff();
        await test.EndsAsync();
    }
}
