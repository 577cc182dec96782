using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.AcpiTables;

/// <summary>What ACPICA's compiler makes of our AML; without it on the machine only its size is looked at.</summary>
public sealed class DsdtTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-aml").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("1G", 0)]
    [InlineData("1G", 0, 0x505)]
    [InlineData("1G,slots=3,maxmem=4G", 3)]
    [InlineData("1G,slots=256,maxmem=2G", 256)]
    public void DisassemblesAndCompilesAgainToTheSameBytes(string memory, int slots, int? panicPort = null)
    {
        MemoryConfiguration configuration = MemoryConfiguration.Parse(memory);
        byte[] dsdt = new TableWriter("DSDT", 1)
            .Bytes(DsdtBuilder.Build(new AcpiConfiguration(MemoryLayout.Of(configuration), slots, 1, NumaTopology.Resolve([], configuration, 1)) { PanicPort = (ushort?)panicPort }))
            .Finish();
        Assert.True(dsdt.Length > 36);
        string aml = Path.Combine(_folder, "dsdt.aml");
        File.WriteAllBytes(aml, dsdt);
        if (Compiler is null)
        {
            return;
        }

        Run("-d", aml);
        string text = File.ReadAllText(Path.Combine(_folder, "dsdt.dsl"));
        string output = Run("-oa", "-p", Path.Combine(_folder, "again"), Path.Combine(_folder, "dsdt.dsl"));
        byte[] again = File.ReadAllBytes(Path.Combine(_folder, "again.aml"));

        Assert.Contains(" 0 Errors", output, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexString(dsdt.AsSpan(36)), Convert.ToHexString(again.AsSpan(36)));
        Assert.Equal(slots, text.Split('\n').Count(line => line.Contains("Device (MP", StringComparison.Ordinal)));
        Assert.Equal(panicPort is not null, text.Contains("QEMU0001", StringComparison.Ordinal));
        foreach (string name in slots == 0
            ? ["PCI0", "COM1", "COM2", "HPET", "_S5"]
            : new[]
            {
                "MHPD", "HPMR", "MHPC", "MDNR", "MLCK", "MRBL", "MRBH", "MRLL", "MRLH", "MPX", "MES", "MINS", "MRMV", "MEJ", "MSEL", "MOEV", "MOSC",
                "MSCN", "MRST", "MCRS", "MPXM", "MOST", "MEJ0", "MTFY", "MP00", "_E03",
            })
        {
            Assert.Contains(name, text, StringComparison.Ordinal);
        }
    }

    private static string? Compiler => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "iasl.exe" : "iasl"))
        .FirstOrDefault(File.Exists);

    private static string Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Compiler!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }
}
