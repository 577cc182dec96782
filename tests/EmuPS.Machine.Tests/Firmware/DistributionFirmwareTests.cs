using System;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Firmware;

/// <summary>The firmware that QEMU's users have, on our PC.</summary>
public sealed class DistributionFirmwareTests
{
    private const string SeaBios = "bios-256k.bin";
    private const string SmallSeaBios = "bios.bin";
    private const string Qboot = "qboot.rom";
    private const string Ovmf = "OVMF.fd";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [FirmwareFact(SeaBios)]
    public Task SeaBiosShowsItselfAndFindsNoDevice() => FindsNoDeviceAsync(SeaBios, processors: 1);

    [FirmwareFact(SmallSeaBios)]
    public Task SmallSeaBiosShowsItselfAndFindsNoDeviceOnFourProcessors() => FindsNoDeviceAsync(SmallSeaBios, processors: 4);

    [FirmwareFact(Qboot, needsLinux: true)]
    public Task QbootStartsDebianWhichTakesMemoryByTheTablesThatItPlaced() => StartsDebianAsync(Qboot);

    [FirmwareFact(SeaBios, needsLinux: true)]
    public Task SeaBiosStartsDebianWhichTakesMemoryByTheTablesThatItPlaced() => StartsDebianAsync(SeaBios);

    [FirmwareFact(Ovmf, needsLinux: true)]
    public Task UefiStartsDebianWhichTakesMemoryByTheTablesThatItPlaced() => StartsDebianAsync(Ovmf);

    [FirmwareFact(Ovmf)]
    public async Task UefiShowsItsShell()
    {
        using TestMachine test = new("128M", options => options with { Boot = new BootOptions { FirmwarePath = FirmwareFactAttribute.Find(Ovmf) } });
        test.Machine.Start();
        await test.SeesAsync("UEFI Interactive Shell");
        await test.SeesAsync("Shell> ");
    }

    private static async Task StartsDebianAsync(string file)
    {
        CancellationToken limit = new CancellationTokenSource(s_limit).Token;
        GuestImage image = new GuestImageStore().GetRequired();
        using TestMachine test = new("256M,slots=2,maxmem=2G", options => options with
        {
            CpuCount = 2,
            Boot = new BootOptions
            {
                FirmwarePath = FirmwareFactAttribute.Find(file),
                KernelPath = image.KernelPath,
                InitrdPath = image.InitrdPath,
                CommandLine = GuestImage.DefaultCommandLine,
            },
        });
        test.Machine.Start();
        await test.Machine.Agent.WaitReadyAsync(limit);
        ulong before = (await GuestMemoryInfo.ReadAsync(test.Machine.Agent, cancellationToken: limit)).TotalBytes;

        DimmInfo dimm = test.Plug("d", "512M");
        Assert.Equal(DimmOutcomeKind.Accepted, (await test.WaitAsync(dimm, DimmGoal.Accepted)).Kind);
        await test.Machine.Agent.RunAsync("while ! grep -q online /sys/devices/system/memory/memory35/state; do sleep 0.1; done", cancellationToken: limit);
        Assert.Equal(512UL << 20, (await GuestMemoryInfo.ReadAsync(test.Machine.Agent, cancellationToken: limit)).TotalBytes - before);
        Assert.Equal("2\n", (await test.Machine.Agent.RunAsync("grep -c ^processor /proc/cpuinfo", cancellationToken: limit)).Output);

        test.Machine.Reset();
        await test.Machine.Agent.WaitReadyAsync(limit);
        test.Machine.PressPowerButton();
        await test.EndsAsync();
        Assert.Equal(new MachineExit(MachineExit.GuestShutdown, true, 0), test.Machine.Exit);
    }

    private static async Task FindsNoDeviceAsync(string file, int processors)
    {
        using TestMachine test = new("64M", options => options with
        {
            CpuCount = processors,
            Boot = new BootOptions { FirmwarePath = FirmwareFactAttribute.Find(file) },
        });
        test.Machine.Start();
        int position = await test.SeesAsync("SeaBIOS (version");
        position = await test.SeesAsync("No bootable device", position);

        // The second time it comes from the ROM again, not from what the first left in memory.
        test.Machine.Reset();
        position = await test.SeesAsync("SeaBIOS (version", position);
        await test.SeesAsync("No bootable device", position);
        Assert.Equal(MachineState.Running, test.Machine.State);
    }
}
