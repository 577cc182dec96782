using System;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A machine with the simulated guest, and the waits that tests need.</summary>
internal sealed class TestMachine : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public TestMachine(string memory = "64M,slots=3,maxmem=4G", Func<MachineOptions, MachineOptions>? change = null)
    {
        MachineOptions options = new() { Name = "test", Memory = MemoryConfiguration.Parse(memory), Boot = BootOptions.Simulated };
        Machine = VirtualMachine.Create(change?.Invoke(options) ?? options);
    }

    public VirtualMachine Machine { get; }

    public static CancellationToken Limit => new CancellationTokenSource(s_limit).Token;

    public async Task StartAsync()
    {
        Machine.Start();
        await SeesAsync(GuestImage.ReadyMark);
    }

    /// <summary>Waits for a text on the console, from a position on.</summary>
    public async Task<int> SeesAsync(string text, int position = 0)
    {
        (string Text, int Position)? match = await Machine.Console.WaitForAsync(new Regex(Regex.Escape(text)), position, Limit);
        Assert.True(match.HasValue, $"'{text}' never came. Console:\n{Machine.Console.Read()}\n{Machine.Exit?.Report}");
        return match.Value.Position;
    }

    public Task EndsAsync() => Machine.WaitForStateAsync(state => state is MachineState.Stopped or MachineState.Failed, Limit);

    public DimmInfo Plug(string id, string size = "128M", int slot = -1)
    {
        Machine.Hotplug.AddBackend(new() { Id = "mem-" + id, SizeBytes = MemoryConfiguration.Parse(size).SizeBytes });
        return Machine.Hotplug.AddDimm(new() { Id = id, BackendId = "mem-" + id, Slot = slot });
    }

    public Task<DimmOutcome> WaitAsync(DimmInfo dimm, DimmGoal goal) => Machine.Hotplug.WaitForDimmAsync(dimm, goal, s_limit);

    public void Dispose() => Machine.Dispose();
}
