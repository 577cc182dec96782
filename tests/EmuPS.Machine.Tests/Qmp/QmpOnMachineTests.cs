using System;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>The protocol in front of a whole machine with the simulated guest.</summary>
public sealed class QmpOnMachineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-qmp-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task A_dimm_is_plugged_answered_for_removed_and_its_backend_deleted()
    {
        string socket = Path.Combine(_folder, "qmp");
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "web1",
            Memory = MemoryConfiguration.Parse("256M,slots=3,maxmem=4G"),
            Boot = BootOptions.Simulated,
        });
        using QmpServer server = QmpServer.ListenUnix(machine, socket);
        using QmpClient client = await QmpClient.OpenAsync(socket);
        machine.Start();
        await client.ReceiveEventAsync("RESUME");
        // What is announced before the guest listens is lost as an interrupt, as on QEMU.
        await machine.Console.WaitForAsync(new Regex(Regex.Escape(GuestImage.ReadyMark))).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'object-add','arguments':{'qom-type':'memory-backend-ram','id':'mem1','size':1073741824}}"));
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'device_add','arguments':{'driver':'pc-dimm','id':'dimm1','memdev':'mem1'}}"));
        await client.ReceiveEventAsync("ACPI_DEVICE_OST");
        Assert.Equal(DimmState.Accepted, machine.Hotplug.GetDimm("dimm1").State);
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'device_del','arguments':{'id':'dimm1'}}"));
        await client.ReceiveEventAsync("DEVICE_DELETED");
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'object-del','arguments':{'id':'mem1'}}"));
        Assert.Contains("i440FX-pcihost", await client.AskAsync("{'execute':'human-monitor-command','arguments':{'command-line':'info qtree'}}"));
        Assert.Contains("acpi-mem-hotplug", await client.AskAsync("{'execute':'human-monitor-command','arguments':{'command-line':'info mtree'}}"));
        Assert.Contains("node 0 size: 256 MB", await client.AskAsync("{'execute':'human-monitor-command','arguments':{'command-line':'info numa'}}"));
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'quit'}"));
        Assert.Contains(client.Events, e => (string?)e["event"] == "SHUTDOWN");
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(MachineState.Stopped, machine.State);
    }
}
