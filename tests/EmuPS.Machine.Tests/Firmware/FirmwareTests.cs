using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Boot;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Firmware;

/// <summary>Firmware of our own: where it starts, what its ROM is, what RAM it can put in its place, and what a reset does.</summary>
public sealed class FirmwareTests : IDisposable
{
    private const string Whole = TestRom.First + TestRom.Second + TestRom.Third;
    private readonly string _rom = Path.GetTempFileName();

    public void Dispose() => File.Delete(_rom);

    [Theory]
    [InlineData(64 << 10, 1, true)]
    [InlineData(128 << 10, 1, false)]
    [InlineData(8 << 20, 1, true)]
    [InlineData(256 << 10, 2, true)]
    public async Task StartsAtTheResetVectorAndShadowsItself(int size, int processors, bool translate)
    {
        using TestMachine test = Machine(TestRom.Make(size), processors, translate);
        test.Machine.Start();
        await test.SeesAsync(TestRom.First + TestRom.Second);
        test.Machine.Reset();
        await test.EndsAsync();

        Assert.Equal(Whole, test.Machine.Console.Read());
        Assert.Equal(Whole, test.Machine.DebugConsole.Read());
        Assert.Equal(new MachineExit(MachineExit.DebugExit, true, (TestRom.ExitValue << 1) | 1), test.Machine.Exit);
        Assert.Equal(["guest-reset", "host-qmp-system-reset"], test.Machine.Events.Since(0).Where(e => e.Name == "RESET").Select(e => (string)e.Data["reason"]!));
    }

    [QemuFact]
    public async Task SaysTheSameOnQemu()
    {
        await File.WriteAllBytesAsync(_rom, TestRom.Make(256 << 10, shadowsAtReset: false));
        string debug = _rom + ".debug";
        using Process qemu = Process.Start(new ProcessStartInfo(QemuFactAttribute.Program, [
            "-nodefaults", "-display", "none", "-m", "16M", "-bios", _rom, "-chardev", "stdio,id=both,mux=on", "-serial", "chardev:both", "-mon", "chardev=both",
            "-debugcon", "file:" + debug, "-device", "isa-debug-exit,iobase=0xf4,iosize=4"])
        { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            char[] heard = new char[TestRom.First.Length + TestRom.Second.Length];
            await qemu.StandardOutput.ReadBlockAsync(heard, TestMachine.Limit);
            Assert.Equal(TestRom.First + TestRom.Second, new string(heard));

            // Ctrl+A C: from the serial port to the monitor.
            await qemu.StandardInput.WriteAsync("\u0001csystem_reset\n");
            await qemu.StandardInput.FlushAsync();
            await qemu.WaitForExitAsync(TestMachine.Limit);
            Assert.Equal(Whole, await File.ReadAllTextAsync(debug));
            Assert.Equal((TestRom.ExitValue << 1) | 1, qemu.ExitCode);
        }
        finally
        {
            qemu.Kill();
            File.Delete(debug);
        }
    }

    [Fact]
    public async Task ADeviceDoesNotWriteIntoTheRom()
    {
        // fw_cfg's DMA: a command at 0x600 that reads the signature to F000:8000.
        byte[] rom = TestRom.Make(64 << 10);
        byte[] command = [0, 0, 0, 0x0A, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0x0F, 0x80, 0];
        List<byte> code = [0x31, 0xC0, 0x8E, 0xD8];
        for (int i = 0; i < command.Length; i++)
        {
            // mov byte [0x600 + i], value
            code.AddRange([0xC6, 0x06, (byte)i, 0x06, command[i]]);
        }

        // mov eax, 0x00060000; mov dx, 0x518; out dx, eax; mov al, [0x603]; add al, '0'; out 0xE9, al; mov ax, 0xF000; mov ds, ax; mov al, [0x8000]; out 0xF4, al
        code.AddRange([0x66, 0xB8, 0x00, 0x00, 0x06, 0x00, 0xBA, 0x18, 0x05, 0x66, 0xEF, 0xA0, 0x03, 0x06, 0x04, 0x30, 0xE6, 0xE9]);
        code.AddRange([0xB8, 0x00, 0xF0, 0x8E, 0xD8, 0xA0, 0x00, 0x80, 0xE6, 0xF4, 0xF4]);
        code.CopyTo(rom);
        using TestMachine test = Machine(rom, processors: 1, translate: true);
        test.Machine.Start();
        await test.EndsAsync();

        // The command failed, and the ROM is as it was.
        Assert.Equal((0xA5 << 1) | 1, test.Machine.Exit!.ExitCode);
        Assert.Equal("1", test.Machine.DebugConsole.Read());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65537)]
    [InlineData((8 << 20) + 65536)]
    public void WrongSizesAreRefused(int size)
    {
        File.WriteAllBytes(_rom, new byte[size]);
        EngineException error = Assert.Throws<EngineException>(() => BootImage.Open(new BootOptions { FirmwarePath = _rom }));
        Assert.Equal(BootErrorIds.FirmwareNotRecognized, error.ErrorId);
        Assert.StartsWith($"could not load PC BIOS '{_rom}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesThatCannotBeReadAreRefused()
    {
        Assert.Equal(BootErrorIds.FirmwareUnavailable, Assert.Throws<EngineException>(() => BootImage.Open(new BootOptions { FirmwarePath = _rom + ".none" })).ErrorId);
        Assert.Equal(BootErrorIds.FirmwareUnavailable, Assert.Throws<EngineException>(() => BootImage.Open(new BootOptions { FirmwarePath = Path.GetTempPath() })).ErrorId);
    }

    [Fact]
    public void OnlyABzImageIsOfferedToFirmware()
    {
        File.WriteAllBytes(_rom, new byte[64 << 10]);
        EngineException error = Assert.Throws<EngineException>(() => BootImage.Open(new BootOptions { FirmwarePath = _rom, KernelPath = _rom }));
        Assert.Equal(BootErrorIds.KernelNotSupported, error.ErrorId);
    }

    private TestMachine Machine(byte[] rom, int processors, bool translate)
    {
        File.WriteAllBytes(_rom, rom);
        return new TestMachine("16M", options => options with
        {
            CpuCount = processors,
            Translate = translate,
            Boot = new BootOptions { FirmwarePath = _rom },
            HasDebugConsole = true,
            HasDebugExit = true,
        });
    }
}
