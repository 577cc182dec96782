using System;
using System.Buffers.Binary;

namespace EmuPS.Machine.Boot;

/// <summary>The page of boot parameters that Linux takes from its loader (Linux documentation, x86/zero-page).</summary>
internal sealed class LinuxBootParameters
{
    private const int PageSize = 0x1000;
    private const int AcpiRootPointer = 0x070;
    private const int AlternativeMemory = 0x1E0;
    private const int MemoryMapEntries = 0x1E8;
    private const int HeaderStart = 0x1F1;
    private const int VideoMode = 0x1FA;
    private const int BootFlag = 0x1FE;
    private const int HeaderJumpOffset = 0x201;
    private const int HeaderMagic = 0x202;
    private const int LoaderType = 0x210;
    private const int KernelStart = 0x214;
    private const int InitrdAddress = 0x218;
    private const int InitrdSize = 0x21C;
    private const int CommandLinePointer = 0x228;
    private const int KernelAlignment = 0x230;
    private const int CommandLineSize = 0x238;
    private const int MemoryMap = 0x2D0;
    private const int MemoryMapEntrySize = 20;
    private const byte UnknownLoader = 0xFF;
    private const ushort NormalVideo = 0xFFFF;

    private readonly BootTarget _target;
    private readonly byte[] _page = new byte[PageSize];

    /// <summary>Begins the page.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="kernel">The start of the kernel's file with its setup header; empty for a kernel that has none, such as vmlinux.</param>
    public LinuxBootParameters(BootTarget target, ReadOnlySpan<byte> kernel)
    {
        _target = target;
        if (kernel.Length > 0)
        {
            int end = Math.Min(HeaderMagic + kernel[HeaderJumpOffset], kernel.Length);
            kernel[HeaderStart..end].CopyTo(_page.AsSpan(HeaderStart));
        }
        else
        {
            U16(BootFlag, 0xAA55);
            "HdrS"u8.CopyTo(_page.AsSpan(HeaderMagic));
            U32(KernelAlignment, 0x0100_0000);
            U32(CommandLineSize, BootTarget.CommandLineRoom - 1);
        }
    }

    /// <summary>Where the kernel's protected-mode code lies; 0 when there is none.</summary>
    public uint KernelAddress { get; init; }

    /// <summary>Tells of the initial RAM disk.</summary>
    /// <param name="address">Where it lies, below 4 GiB.</param>
    /// <param name="size">Its size in bytes.</param>
    public void SetInitrd(ulong address, uint size)
    {
        U32(InitrdAddress, (uint)address);
        U32(InitrdSize, size);
    }

    /// <summary>Fills in the rest and puts the page into memory.</summary>
    public void Write()
    {
        _page[LoaderType] = UnknownLoader;
        U16(VideoMode, NormalVideo);
        U32(KernelStart, KernelAddress);
        U32(CommandLinePointer, BootTarget.CommandLine);
        BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(AcpiRootPointer), _target.RootPointer);
        U32(AlternativeMemory, (uint)((_target.Layout.LowBytes >> 10) - 1024));
        _page[MemoryMapEntries] = (byte)_target.MemoryMap.Count;
        for (int i = 0; i < _target.MemoryMap.Count; i++)
        {
            E820Entry entry = _target.MemoryMap[i];
            Span<byte> bytes = _page.AsSpan(MemoryMap + (i * MemoryMapEntrySize), MemoryMapEntrySize);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry.Start);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], entry.Size);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)entry.Type);
        }

        _target.Write(BootTarget.BootParameters, _page);
    }

    private void U16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_page.AsSpan(offset), value);

    private void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(offset), value);
}
