using System;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A 32-bit program under Debian's 64-bit kernel.</summary>
public sealed class LinuxNarrowProgramTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [LinuxFact]
    public Task A32BitProgramRunsTranslated() => RunAsync(translate: true);

    [LinuxFact]
    public Task A32BitProgramRunsInterpreted() => RunAsync(translate: false);

    private static async Task RunAsync(bool translate)
    {
        CancellationToken limit = new CancellationTokenSource(s_limit).Token;
        GuestImage image = new GuestImageStore().GetRequired();
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "narrow",
            Translate = translate,
            Memory = MemoryConfiguration.Parse("256M"),
            Boot = new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = GuestImage.DefaultCommandLine },
        });
        machine.Start();
        await machine.Agent.WaitReadyAsync(limit);
        GuestCommandResult result = await machine.Agent.RunAsync($"{NarrowProgram.WriteCommand("/tmp/narrow")} && /tmp/narrow", cancellationToken: limit);
        Assert.Equal(string.Empty, result.ErrorOutput);
        Assert.Equal(NarrowProgram.Expected(), result.Output);
    }
}
