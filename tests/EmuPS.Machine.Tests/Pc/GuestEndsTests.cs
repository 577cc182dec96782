using System;
using System.IO;
using System.Threading.Tasks;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>What guests can do to their machine: reset it, switch it off, end it.</summary>
public sealed class GuestEndsTests : IDisposable
{
    private readonly string _kernel = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kernel);

    [Theory]
    [InlineData(0x06, 0xCF9)]
    [InlineData(0xFE, 0x64)]
    [InlineData(0x03, 0x92)]
    public async Task ResetPortsResetOrEndTheMachine(byte value, int port)
    {
        using TestMachine test = Machine(GuestCode.WritePort(value, (ushort)port), options => options with { OnGuestReset = GuestResetAction.Stop });
        test.Machine.Start();
        await test.EndsAsync();
        Assert.Equal(new MachineExit(MachineExit.GuestReset, true, 0), test.Machine.Exit);

        using TestMachine again = Machine(GuestCode.WritePort(value, (ushort)port), options => options);
        again.Machine.Start();
        Assert.Equal("guest-reset", (await again.Machine.Events.WaitAsync(e => e.Name == "RESET", 0, TestMachine.Limit)).Data["reason"]);
    }

    [Fact]
    public async Task TripleFaultResetsOrEndsTheMachine()
    {
        using TestMachine test = Machine(GuestCode.TripleFault, options => options with { OnTripleFault = GuestResetAction.Stop });
        test.Machine.Start();
        await test.EndsAsync();
        Assert.Equal(MachineExit.TripleFault, test.Machine.Exit!.Reason);
        Assert.Contains("RIP=", test.Machine.Exit.Report, StringComparison.Ordinal);

        using TestMachine again = Machine(GuestCode.TripleFault, options => options);
        again.Machine.Start();
        Assert.Equal(true, (await again.Machine.Events.WaitAsync(e => e.Name == "RESET", 0, TestMachine.Limit)).Data["guest"]);
    }

    [Fact]
    public async Task DebugExitGivesTwiceItsValuePlusOne()
    {
        using TestMachine test = Machine(GuestCode.ExitWithMagic, options => options with { HasDebugExit = true });
        test.Machine.Start();
        await test.EndsAsync();

        Assert.Equal(new MachineExit(MachineExit.DebugExit, true, unchecked((int)((0x2BAD_B002u << 1) | 1))), test.Machine.Exit);
    }

    [Fact]
    public async Task DebugConsoleTakesCharacters()
    {
        using TestMachine test = Machine(GuestCode.WritePort((byte)'!', 0xE9), options => options with { HasDebugConsole = true });
        test.Machine.Start();

        Assert.Equal(("!", 1), await test.Machine.DebugConsole.ReadAsync(0, TestMachine.Limit));
    }

    [Fact]
    public async Task UnmodelledPortsAreCounted()
    {
        using TestMachine test = Machine(GuestCode.WritePort(0, 0x1234), options => options with { HasDebugExit = true });
        test.Machine.Start();
        while (!test.Machine.IsHalted)
        {
            await Task.Yield();
        }

        Assert.Equal(0x1234UL, Assert.Single(test.Machine.Anomalies.Counts).Key.Detail);
    }

    private TestMachine Machine(byte[] kernel, Func<MachineOptions, MachineOptions> change)
    {
        File.WriteAllBytes(_kernel, kernel);
        return new TestMachine("16M", options => change(options with { Boot = new BootOptions { KernelPath = _kernel } }));
    }
}
