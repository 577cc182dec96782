using System;
using System.Buffers.Binary;

namespace EmuPS.Machine.Boot;

/// <summary>What a PVH kernel finds through EBX: the start information, its list of modules and its memory map (Xen, public/arch-x86/hvm/start_info.h, version 1).</summary>
internal static class PvhStartInformation
{
    private const uint Magic = 0x336E_C578;
    private const int HeaderLength = 56;
    private const int ModuleLength = 32;
    private const int MapEntryLength = 24;

    /// <summary>Puts it into memory.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="initrd">Where the initial RAM disk lies.</param>
    /// <param name="initrdLength">Its length in bytes, 0 for none.</param>
    public static void Write(BootTarget target, ulong initrd, ulong initrdLength)
    {
        byte[] bytes = new byte[HeaderLength + ModuleLength + (MapEntryLength * target.MemoryMap.Count)];
        U32(bytes, 0, Magic);
        U32(bytes, 4, 1);
        U32(bytes, 12, initrdLength > 0 ? 1u : 0u);
        U64(bytes, 16, BootTarget.StartInformation + HeaderLength);
        U64(bytes, 24, BootTarget.CommandLine);
        U64(bytes, 32, target.RootPointer);
        U64(bytes, 40, BootTarget.StartInformation + HeaderLength + ModuleLength);
        U32(bytes, 48, (uint)target.MemoryMap.Count);
        U64(bytes, HeaderLength, initrd);
        U64(bytes, HeaderLength + 8, initrdLength);
        for (int i = 0; i < target.MemoryMap.Count; i++)
        {
            E820Entry entry = target.MemoryMap[i];
            int at = HeaderLength + ModuleLength + (i * MapEntryLength);
            U64(bytes, at, entry.Start);
            U64(bytes, at + 8, entry.Size);
            U32(bytes, at + 16, (uint)entry.Type);
        }

        target.Write(BootTarget.StartInformation, bytes);
    }

    private static void U32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static void U64(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}
