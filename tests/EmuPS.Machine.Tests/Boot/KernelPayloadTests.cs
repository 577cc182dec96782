using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using EmuPS.Cpu.Guests;
using EmuPS.Machine.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Boot;

public sealed class KernelPayloadTests
{
    [Fact]
    public void GzipIsUnpacked()
    {
        byte[] elf = SimulatedGuestProgram.ToElf();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(elf);
        }

        Assert.Equal(elf, KernelPayload.TryUnpack([.. packed.ToArray(), .. Length(elf.Length)]));
    }

    [Fact]
    public void Lz4BlocksWithLiteralsMatchesAndLongLengthsAreUnpacked()
    {
        // "abcd", then 300 bytes that repeat it, then "xyz" without a match.
        byte[] block = [0x4F, .. "abcd"u8, 4, 0, 255, 300 - 4 - 15 - 255, 0x30, .. "xyz"u8];
        byte[] packed = [0x02, 0x21, 0x4C, 0x18, .. Length(block.Length), .. block];
        string expected = string.Concat(Enumerable.Repeat("abcd", 76)) + "xyz";

        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(Lz4Legacy.Unpack(packed, expected.Length)));
    }

    [Fact]
    public void DamagedOrUnknownPackingIsLeftToTheKernel()
    {
        Assert.Null(KernelPayload.TryUnpack([0x02, 0x21, 0x4C, 0x18, 5, 0, 0, 0, 0xF0, 1, 2, 3, 4, 9, 0, 0, 0]));
        Assert.Null(KernelPayload.TryUnpack([0x02, 0x21, 0x4C, 0x18, 4, 0, 0, 0, 0x10, 1, 9, 9, 9, 9, 0, 0, 0]));
        Assert.Null(KernelPayload.TryUnpack(new byte[64]));
        Assert.Null(KernelPayload.TryUnpack([1]));
    }

    private static byte[] Length(int length)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }
}
