using System;
using EmuPS.Cpu;

namespace EmuPS.Machine.Boot;

/// <summary>Firmware in a ROM: the machine starts as its hardware does after power-on, and the firmware brings it up.</summary>
/// <param name="rom">The contents of the ROM.</param>
/// <param name="kernel">The kernel that the firmware is offered; null for none.</param>
internal sealed class FirmwareBootImage(byte[] rom, FirmwareKernel? kernel) : BootImage
{
    /// <summary>The unit in which ROMs come.</summary>
    public const int SizeUnit = 64 << 10;

    /// <summary>The largest ROM; below it there are the interrupt controllers and the devices of test suites.</summary>
    public const int MaximumSize = 8 << 20;

    /// <summary>The contents of the ROM.</summary>
    public byte[] Rom { get; } = rom;

    /// <summary>The kernel that the firmware is offered; null for none.</summary>
    public FirmwareKernel? Kernel { get; } = kernel;

    /// <summary>Reads a ROM image.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="EngineException"><see cref="BootErrorIds.FirmwareUnavailable"/>, <see cref="BootErrorIds.FirmwareNotRecognized"/></exception>
    public static byte[] Read(string path)
    {
        byte[] rom = Read(path, BootErrorIds.FirmwareUnavailable, "firmware", MaximumSize + 1);
        return rom.Length is > 0 and <= MaximumSize && rom.Length % SizeUnit == 0
            ? rom
            : throw new EngineException(
                BootErrorIds.FirmwareNotRecognized, EngineErrorCategory.InvalidArgument,
                $"could not load PC BIOS '{path}': it has {(rom.Length > MaximumSize ? "more than " : string.Empty)}{Math.Min(rom.Length, MaximumSize)} bytes, and a ROM has a multiple of {SizeUnit >> 10} KiB, at most {MaximumSize >> 20} MiB.",
                path, "Name an image such as SeaBIOS's bios-256k.bin or qboot.rom.");
    }

    /// <inheritdoc/>
    public override ProcessorEntry? Load(BootTarget target) => null;
}
