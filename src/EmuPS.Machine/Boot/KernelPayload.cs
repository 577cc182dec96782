using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using EmuPS.Machine.Guests;

namespace EmuPS.Machine.Boot;

/// <summary>The packed kernel inside a bzImage. Unpacked by the host it saves the guest hundreds of millions of instructions.</summary>
internal static class KernelPayload
{
    private const int MaximumLength = 1 << 30;

    /// <summary>Unpacks the kernel.</summary>
    /// <param name="payload">The payload; its last four bytes hold the length of the result.</param>
    /// <returns>An ELF file, or null when the packing is unknown or damaged: the kernel then unpacks itself.</returns>
    public static byte[]? TryUnpack(byte[] payload)
    {
        if (payload.Length < 16)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(payload.Length - sizeof(uint)));
        if (length is 0 or > MaximumLength)
        {
            return null;
        }

        try
        {
            byte[]? unpacked = BinaryPrimitives.ReadUInt32LittleEndian(payload) switch
            {
                Lz4Legacy.Magic => Lz4Legacy.Unpack(payload.AsSpan(0, payload.Length - sizeof(uint)), (int)length),
                0xFD2F_B528 => Read(DebianPackage.Decompress(".zst", new MemoryStream(payload)), (int)length),
                0x587A_37FD => Read(DebianPackage.Decompress(".xz", new MemoryStream(payload)), (int)length),
                uint start when (start & 0xFFFF) == 0x8B1F => Read(new GZipStream(new MemoryStream(payload), CompressionMode.Decompress), (int)length),
                _ => null,
            };
            return unpacked is not null && ElfFile.IsElf(unpacked) ? unpacked : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever a decompressor dislikes, the kernel's own may still like.
            return null;
        }
    }

    private static byte[] Read(Stream stream, int length)
    {
        using (stream)
        {
            byte[] bytes = new byte[length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
