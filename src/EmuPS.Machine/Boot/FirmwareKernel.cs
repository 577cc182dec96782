using System;
using System.Buffers.Binary;
using System.Text;
using EmuPS.Devices.Firmware;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Boot;

/// <summary>A Linux kernel that firmware is offered through fw_cfg, prepared as QEMU prepares it: firmware copies the parts to the addresses given and jumps.</summary>
internal sealed class FirmwareKernel
{
    private const ushort KeyKernelAddress = 0x07;
    private const ushort KeyKernelSize = 0x08;
    private const ushort KeyInitrdAddress = 0x0A;
    private const ushort KeyInitrdSize = 0x0B;
    private const ushort KeyKernelData = 0x11;
    private const ushort KeyInitrdData = 0x12;
    private const ushort KeyCommandLineAddress = 0x13;
    private const ushort KeyCommandLineSize = 0x14;
    private const ushort KeyCommandLineData = 0x15;
    private const ushort KeySetupAddress = 0x16;
    private const ushort KeySetupSize = 0x17;
    private const ushort KeySetupData = 0x18;

    // Offsets in the setup header (Linux documentation, x86/boot).
    private const int SetupSectors = 0x1F1;
    private const int Version = 0x206;
    private const int LoaderType = 0x210;
    private const int LoadFlags = 0x211;
    private const int InitrdAddress = 0x218;
    private const int InitrdSize = 0x21C;
    private const int HeapEnd = 0x224;
    private const int CommandLinePointer = 0x228;
    private const int InitrdAddressMaximum = 0x22C;
    private const int ExtendedLoadFlags = 0x236;
    private const int CommandLineLimit = 0x238;
    private const int SectorSize = 512;
    private const byte LoadedHigh = 1;
    private const byte CanUseHeap = 0x80;
    private const byte LoaderQemu = 0xB0;
    private const byte CanBeLoadedAbove4G = 2;
    private const ushort FirstVersionHere = 0x0206;
    private const ushort FirstVersionWithExtendedFlags = 0x020C;

    private const uint SetupBase = 0x1_0000;
    private const uint CommandLineBase = 0x2_0000;
    private const uint KernelBase = 0x10_0000;

    // QEMU keeps this much at the end of low memory free for the tables that firmware makes.
    private const uint TableRoom = 0x2_8000;

    private readonly byte[] _setup;
    private readonly byte[] _kernel;
    private readonly byte[] _initrd;
    private readonly byte[] _commandLine;

    private FirmwareKernel(byte[] setup, byte[] kernel, byte[] initrd, byte[] commandLine)
    {
        _setup = setup;
        _kernel = kernel;
        _initrd = initrd;
        _commandLine = commandLine;
    }

    /// <summary>Reads the kernel and what belongs to it.</summary>
    /// <param name="options">What to boot.</param>
    /// <returns>Null when the options name no kernel.</returns>
    /// <exception cref="EngineException">It cannot be read, or firmware cannot start it; see <see cref="BootErrorIds"/>.</exception>
    public static FirmwareKernel? Read(BootOptions options)
    {
        if (options.KernelPath is not { Length: > 0 } path)
        {
            return null;
        }

        byte[] file = BootImage.Read(path, BootErrorIds.KernelUnavailable, "kernel");
        byte[] initrd = options.InitrdPath is { Length: > 0 } initrdPath ? BootImage.Read(initrdPath, BootErrorIds.InitrdUnavailable, "initial RAM disk") : [];
        if (!LinuxBootImage.IsLinux(file) || U16(file, Version) < FirstVersionHere || (file[LoadFlags] & LoadedHigh) == 0)
        {
            throw new EngineException(
                BootErrorIds.KernelNotSupported, EngineErrorCategory.InvalidArgument, $"'{path}' is no kernel that firmware can start.", path,
                "Name a Linux kernel (bzImage), or start this one without firmware.");
        }

        int setupLength = ((file[SetupSectors] == 0 ? 4 : file[SetupSectors]) + 1) * SectorSize;
        if (setupLength >= file.Length)
        {
            throw new EngineException(
                BootErrorIds.KernelDamaged, EngineErrorCategory.InvalidArgument, $"The kernel '{path}' is cut off.", path, "Get the file again.");
        }

        byte[] commandLine = Encoding.UTF8.GetBytes(options.CommandLine + "\0");
        uint limit = uint.Min(U32(file, CommandLineLimit), BootTarget.CommandLineRoom - 1);
        return commandLine.Length - 1 <= limit
            ? new FirmwareKernel(file[..setupLength], file[setupLength..], initrd, commandLine)
            : throw new EngineException(
                BootErrorIds.CommandLineTooLong, EngineErrorCategory.LimitsExceeded,
                $"The kernel command line has {commandLine.Length - 1} bytes; the kernel takes at most {limit}.", options.CommandLine, "Shorten the command line.");
    }

    /// <summary>Puts the kernel where firmware looks for it.</summary>
    /// <param name="device">The fw_cfg device.</param>
    /// <param name="layout">Where memory lies.</param>
    /// <exception cref="EngineException"><see cref="BootErrorIds.InitrdTooLarge"/></exception>
    public void Offer(FwCfg device, MemoryLayout layout)
    {
        byte[] setup = [.. _setup];
        setup[LoaderType] = LoaderQemu;
        setup[LoadFlags] |= CanUseHeap;
        BinaryPrimitives.WriteUInt16LittleEndian(setup.AsSpan(HeapEnd), (ushort)(CommandLineBase - SetupBase - SectorSize));
        BinaryPrimitives.WriteUInt32LittleEndian(setup.AsSpan(CommandLinePointer), CommandLineBase);
        if (_initrd.Length > 0)
        {
            uint address = PlaceInitrd(layout);
            BinaryPrimitives.WriteUInt32LittleEndian(setup.AsSpan(InitrdAddress), address);
            BinaryPrimitives.WriteUInt32LittleEndian(setup.AsSpan(InitrdSize), (uint)_initrd.Length);
            AddPart(device, KeyInitrdAddress, address, KeyInitrdSize, KeyInitrdData, _initrd);
        }

        AddPart(device, KeyKernelAddress, KernelBase, KeyKernelSize, KeyKernelData, _kernel);
        AddPart(device, KeyCommandLineAddress, CommandLineBase, KeyCommandLineSize, KeyCommandLineData, _commandLine);
        AddPart(device, KeySetupAddress, SetupBase, KeySetupSize, KeySetupData, setup);
    }

    private uint PlaceInitrd(MemoryLayout layout)
    {
        bool anywhere = U16(_setup, Version) >= FirstVersionWithExtendedFlags && (_setup[ExtendedLoadFlags] & CanBeLoadedAbove4G) != 0;
        ulong last = anywhere ? uint.MaxValue : U32(_setup, InitrdAddressMaximum);
        last = ulong.Min(last, layout.LowBytes > TableRoom ? layout.LowBytes - TableRoom - 1 : 0);
        ulong size = (ulong)_initrd.Length;
        ulong address = last >= size ? (last - size) & ~0xFFFUL : 0;
        ulong lowest = KernelBase + (ulong)_kernel.Length;
        return address >= lowest
            ? (uint)address
            : throw new EngineException(
                BootErrorIds.InitrdTooLarge, EngineErrorCategory.LimitsExceeded,
                $"The initial RAM disk of {size} bytes does not fit: the kernel takes memory up to 0x{lowest:x}, and the RAM disk has to end below 0x{last:x}.",
                null, "Give the machine more memory, or use a smaller initial RAM disk.");
    }

    private static void AddPart(FwCfg device, ushort addressKey, uint address, ushort sizeKey, ushort dataKey, byte[] data)
    {
        device.AddItem(addressKey, BitConverter.GetBytes(address));
        device.AddItem(sizeKey, BitConverter.GetBytes(data.Length));
        device.AddItem(dataKey, data);
    }

    private static ushort U16(byte[] file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));

    private static uint U32(byte[] file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset));
}
