using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Pc;
using Xunit;
using Xunit.Abstractions;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>Terabytes, and every slot there is. Alone in the process, because memory of the process is measured.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class LargeMemoryTests(ITestOutputHelper output)
{
    private const ulong GiB = HotplugRig.GiB;

    [Theory]
    [InlineData("1G,slots=256,maxmem=4T", 500UL)]
    [InlineData("1G,slots=256,maxmem=65275G", 9216UL)]
    public async Task Terabytes_of_sparse_dimms_come_and_go(string memory, ulong dimmGibibytes)
    {
        using TestMachine test = new(memory);
        await test.StartAsync();
        List<DimmInfo> dimms = [];
        for (int n = 0; n < 7; n++)
        {
            test.Machine.Hotplug.AddBackend(new() { Id = $"m{n}", SizeBytes = dimmGibibytes * GiB, Reserve = false });
            dimms.Add(test.Machine.Hotplug.AddDimm(new() { Id = $"d{n}", BackendId = $"m{n}" }));
        }

        Assert.Equal(7 * dimmGibibytes * GiB, test.Machine.Hotplug.Summary.PluggedBytes);
        foreach (DimmInfo dimm in dimms)
        {
            Assert.Equal(DimmOutcomeKind.Accepted, (await test.WaitAsync(dimm, DimmGoal.Accepted)).Kind);
            test.Machine.Hotplug.RequestRemoval(dimm.Id!);
        }

        foreach (DimmInfo dimm in dimms)
        {
            Assert.Equal(DimmOutcomeKind.Removed, (await test.WaitAsync(dimm, DimmGoal.Removed)).Kind);
            test.Machine.Hotplug.RemoveBackend(dimm.BackendId);
        }

        Assert.Equal(MachineState.Running, test.Machine.State);
    }

    [Fact]
    public async Task An_idle_dimm_costs_at_most_16_kibibytes()
    {
        const long MostBytes = 16 * 1024;
        const int Attempts = 5;
        Footprint each = await MeasureIdleDimmAsync();

        // What earlier tests left behind may be collected in between; such a measurement says nothing about DIMMs.
        for (int attempt = 1; each.Managed < 0 && attempt < Attempts; attempt++)
        {
            each = await MeasureIdleDimmAsync();
        }

        Assert.InRange(each.Managed, 0, MostBytes);
        Assert.InRange(each.Resident + each.PageTables, long.MinValue, MostBytes);
    }

    private async Task<Footprint> MeasureIdleDimmAsync()
    {
        const int Dimms = 256;
        using TestMachine test = new("64M,slots=256,maxmem=64G");
        await test.StartAsync();

        // The first one pays for code that is compiled and lists that are made.
        await test.WaitAsync(test.Plug("first"), DimmGoal.Accepted);
        Footprint before = Footprint.Now();
        for (int n = 1; n < Dimms; n++)
        {
            await test.WaitAsync(test.Plug($"d{n}"), DimmGoal.Accepted);
        }

        Footprint after = Footprint.Now();
        Footprint each = new((after.Managed - before.Managed) / (Dimms - 1), (after.Resident - before.Resident) / (Dimms - 1), (after.PageTables - before.PageTables) / (Dimms - 1));
        output.WriteLine($"Per idle DIMM in bytes: {each}");
        Assert.Equal(Dimms, test.Machine.Hotplug.Dimms.Count);
        return each;
    }

    /// <summary>What the process holds, in bytes: managed objects, resident memory (those among it), and the kernel's page tables for it.</summary>
    private sealed record Footprint(long Managed, long Resident, long PageTables)
    {
        public static Footprint Now()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new Footprint(GC.GetTotalMemory(false), Kibibytes("VmRSS:") << 10, Kibibytes("VmPTE:") << 10);
        }

        private static long Kibibytes(string name)
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                    return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }

            return 0;
        }
    }
}
