using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>Clients that were written for QEMU drive a machine: <c>examples/qmp-client</c>.</summary>
public sealed class ForeignClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-qmp-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ForeignClientFact]
    public async Task Kata_containers_and_digitaloceans_clients_plug_and_unplug_memory()
    {
        string socket = Path.Combine(_folder, "qmp");
        using TestMachine test = new();
        using QmpServer server = QmpServer.ListenUnix(test.Machine, socket);
        await test.StartAsync();

        ProcessStartInfo start = new("go") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("run");
        start.ArgumentList.Add(Path.Combine(Repository.Root, "examples", "qmp-client", "main.go"));
        start.ArgumentList.Add(socket);
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = ForeignClientFactAttribute.GoPath;
        start.Environment["GOCACHE"] = Path.Combine(Path.GetTempPath(), "emups-go-cache");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{output}\n{await errors}");
        Assert.Contains("event ACPI_DEVICE_OST", output, StringComparison.Ordinal);
        Assert.Contains("\"memdev\": \"/objects/mem1\"", output, StringComparison.Ordinal);
        Assert.Contains("\"plugged-memory\": 0", output, StringComparison.Ordinal);
        Assert.Empty(test.Machine.Hotplug.Dimms);
        Assert.DoesNotContain(test.Machine.Hotplug.Backends, backend => backend.Id == "mem1");
    }
}
