using System;
using System.IO;
using System.Threading.Tasks;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A second processor, started by INIT and start-up IPI in real mode, does what ends or resets the machine.</summary>
public sealed class MultiprocessorEndsTests : IDisposable
{
    private readonly string _kernel = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kernel);

    [Fact]
    public async Task TheSecondProcessorEndsTheMachine()
    {
        // MOV AL, 2Ah; OUT F4h, AL; HLT
        using TestMachine test = Machine([0xB0, 0x2A, 0xE6, 0xF4, 0xF4, 0, 0, 0], options => options with { HasDebugExit = true });
        test.Machine.Start();
        await test.EndsAsync();
        Assert.Equal(new MachineExit(MachineExit.DebugExit, true, (0x2A << 1) | 1), test.Machine.Exit);
    }

    [Fact]
    public async Task ATripleFaultOfTheSecondProcessorResetsOrEndsTheMachine()
    {
        // LIDT [9000h], which is zero; UD2
        byte[] code = [0x0F, 0x01, 0x1E, 0x00, 0x90, 0x0F, 0x0B, 0];
        using TestMachine test = Machine(code, options => options with { OnTripleFault = GuestResetAction.Stop });
        test.Machine.Start();
        await test.EndsAsync();
        Assert.Equal(MachineExit.TripleFault, test.Machine.Exit!.Reason);

        using TestMachine again = Machine(code, options => options);
        again.Machine.Start();
        Assert.Equal(true, (await again.Machine.Events.WaitAsync(e => e.Name == "RESET", 0, TestMachine.Limit)).Data["guest"]);
    }

    [Fact]
    public async Task AnErrorInsideTheEngineOnTheSecondProcessorEndsTheMachine()
    {
        // MOV AL, 2Ah; OUT E9h, AL; HLT, and whoever hears of that byte fails.
        using TestMachine test = Machine([0xB0, 0x2A, 0xE6, 0xE9, 0xF4, 0, 0, 0], options => options with { HasDebugConsole = true, CpuCount = 4 });
        test.Machine.DebugConsole.Added += static _ => throw new InvalidOperationException("A listener failed.");
        test.Machine.Start();
        await test.EndsAsync();
        Assert.Equal(MachineState.Failed, test.Machine.State);
        Assert.Equal(MachineExit.InternalError, test.Machine.Exit!.Reason);
        Assert.Contains("A listener failed.", test.Machine.Exit.Report, StringComparison.Ordinal);
        for (int i = 0; i < 4; i++)
        {
            Assert.Contains($"CPU {i}\n", test.Machine.Exit.Report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task HeldAndDescribedTheySleep()
    {
        // STI; HLT; JMP back
        using TestMachine test = Machine([0xFB, 0xF4, 0xEB, 0xFD, 0, 0, 0, 0], options => options with { CpuCount = 4 });
        test.Machine.Start();
        test.Machine.Pause();
        string text = test.Machine.DescribeProcessor();
        for (int i = 0; i < 4; i++)
        {
            Assert.Contains($"CPU {i}\n", text, StringComparison.Ordinal);
        }

        test.Machine.Resume();
        await test.Machine.WaitForStateAsync(state => state == MachineState.Running, TestMachine.Limit);
    }

    /// <summary>A kernel that puts eight bytes of code at 8000h and starts all other processors there.</summary>
    private TestMachine Machine(ReadOnlySpan<byte> code, Func<MachineOptions, MachineOptions> change)
    {
        byte[] kernel = GuestCode.Multiboot(
        [
            0xC7, 0x05, 0x00, 0x80, 0x00, 0x00, .. code[..4],
            0xC7, 0x05, 0x04, 0x80, 0x00, 0x00, .. code[4..8],
            0xC7, 0x05, 0x00, 0x03, 0xE0, 0xFE, 0x00, 0x45, 0x0C, 0x00, // INIT to all but self
            0xC7, 0x05, 0x00, 0x03, 0xE0, 0xFE, 0x08, 0x46, 0x0C, 0x00, // start-up at page 8
            0xFA, 0xF4, 0xEB, 0xFD,
        ]);
        File.WriteAllBytes(_kernel, kernel);
        return new TestMachine("16M", options => change(options with { CpuCount = 2, Boot = new BootOptions { KernelPath = _kernel } }));
    }
}
