using System;
using System.Buffers.Binary;
using System.IO;

namespace EmuPS.Machine.Boot;

/// <summary>The LZ4 legacy frame format, in which Linux kernels are packed: a magic number, then blocks with their lengths (LZ4 frame and block format descriptions).</summary>
internal static class Lz4Legacy
{
    /// <summary>The first four bytes.</summary>
    public const uint Magic = 0x184C_2102;

    private const int MinimumMatch = 4;
    private const int Extended = 15;

    /// <summary>Unpacks.</summary>
    /// <param name="packed">The packed bytes from the magic number on; what follows the last block is ignored.</param>
    /// <param name="length">Length of the result.</param>
    /// <exception cref="InvalidDataException">The bytes are not what they should be.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int length)
    {
        byte[] output = new byte[length];
        int written = 0;
        packed = packed[sizeof(uint)..];
        while (written < length)
        {
            if (packed.Length < sizeof(uint))
            {
                throw new InvalidDataException("The LZ4 data ends too early.");
            }

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(packed);
            packed = packed[sizeof(uint)..];
            if (size == Magic)
            {
                continue;
            }

            if (size > (uint)packed.Length)
            {
                throw new InvalidDataException("An LZ4 block is longer than the data.");
            }

            written = UnpackBlock(packed[..(int)size], output, written);
            packed = packed[(int)size..];
        }

        return output;
    }

    private static int UnpackBlock(ReadOnlySpan<byte> block, byte[] output, int written)
    {
        int blockStart = written;
        int at = 0;
        while (at < block.Length)
        {
            int token = block[at++];
            int literals = ReadLength(block, ref at, token >> 4);
            if (literals > block.Length - at || literals > output.Length - written)
            {
                throw new InvalidDataException("LZ4 literals run past the end.");
            }

            block.Slice(at, literals).CopyTo(output.AsSpan(written));
            at += literals;
            written += literals;
            if (at >= block.Length)
            {
                break;
            }

            int distance = block[at] | (block[at + 1] << 8);
            at += 2;
            int match = ReadLength(block, ref at, token & 15) + MinimumMatch;
            if (distance == 0 || distance > written - blockStart || match > output.Length - written)
            {
                throw new InvalidDataException("An LZ4 match points outside the data.");
            }

            Copy(output, written, distance, match);
            written += match;
        }

        return written;
    }

    /// <summary>A match may overlap what it produces: then it repeats.</summary>
    private static void Copy(byte[] output, int written, int distance, int length)
    {
        if (distance >= length)
        {
            output.AsSpan(written - distance, length).CopyTo(output.AsSpan(written));
            return;
        }

        for (int i = 0; i < length; i++)
        {
            output[written + i] = output[written - distance + i];
        }
    }

    private static int ReadLength(ReadOnlySpan<byte> block, ref int at, int length)
    {
        if (length == Extended)
        {
            byte more;
            do
            {
                more = block[at++];
                length = checked(length + more);
            }
            while (more == byte.MaxValue);
        }

        return length;
    }
}
