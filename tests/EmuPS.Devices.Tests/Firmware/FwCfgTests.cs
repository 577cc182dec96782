using System;
using System.Buffers.Binary;
using System.Text;
using EmuPS.Devices.Firmware;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Firmware;

public sealed class FwCfgTests
{
    private readonly FlatMemory _memory = new(0x4000);
    private readonly FwCfg _device;

    public FwCfgTests()
    {
        _device = new FwCfg(_memory);
        _device.AddFile("etc/one", [1, 2, 3]);
        _device.AddFile("etc/two", "hello"u8.ToArray());
    }

    [Fact]
    public void The_signature_and_features_are_found_by_port()
    {
        Assert.Equal("QEMU", Encoding.ASCII.GetString(Read(0, 4)));
        Assert.Equal([3, 0, 0, 0], Read(1, 4));
        Assert.Equal([0, 0], Read(0x1234, 2));
        Assert.Equal(0x554D_4551UL, (uint)_device.Dma.Read(0, 4));
    }

    [Fact]
    public void The_directory_names_files()
    {
        byte[] directory = Read(0x19, 4 + 128);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(directory));
        ReadOnlySpan<byte> second = directory.AsSpan(4 + 64);
        Assert.Equal(5u, BinaryPrimitives.ReadUInt32BigEndian(second));
        Assert.Equal("etc/two", Encoding.ASCII.GetString(second.Slice(8, 7)));
        Assert.Equal("hello", Encoding.ASCII.GetString(Read(BinaryPrimitives.ReadUInt16BigEndian(second[4..]), 5)));
    }

    [Fact]
    public void Dma_copies_an_item_and_clears_its_command()
    {
        Assert.Equal(0u, Dma(0x21_0000 | 8 | 2, 8, 0x2000));
        Assert.Equal("hello\0\0\0", Encoding.ASCII.GetString(_memory.Bytes, 0x2000, 8));
        Assert.Equal(0u, Dma(0x21_0000 | 8 | 4, 1, 0));
        Assert.Equal(0u, Dma(2, 2, 0x2000));
        Assert.Equal("el", Encoding.ASCII.GetString(_memory.Bytes, 0x2000, 2));
    }

    [Fact]
    public void Dma_outside_RAM_and_writes_fail()
    {
        Assert.Equal(1u, Dma(0x21_0000 | 8 | 2, 8, 0x10_0000));
        Assert.Equal(1u, Dma(0x21_0000 | 8 | 16, 1, 0x2000));
        _device.Dma.Write(4, 4, BinaryPrimitives.ReverseEndianness(0xFFFF_0000u));
    }

    [Fact]
    public void A_file_can_be_made_when_it_is_selected()
    {
        byte value = 1;
        _device.AddFile("etc/state", () => [value]);
        value = 2;
        Assert.Equal([2], Read(0x22, 1));
        value = 3;
        Assert.Equal([3, 0], Read(0x22, 2));
    }

    private byte[] Read(ushort key, int count)
    {
        _device.Ports.Write(0, 2, key);
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++)
        {
            data[i] = (byte)_device.Ports.Read(1, 1);
        }

        return data;
    }

    private uint Dma(uint control, uint length, ulong target)
    {
        Span<byte> command = _memory.Bytes.AsSpan(0x1000);
        BinaryPrimitives.WriteUInt32BigEndian(command, control);
        BinaryPrimitives.WriteUInt32BigEndian(command[4..], length);
        BinaryPrimitives.WriteUInt64BigEndian(command[8..], target);
        _device.Dma.Write(0, 4, 0);
        _device.Dma.Write(4, 4, BinaryPrimitives.ReverseEndianness(0x1000u));
        return BinaryPrimitives.ReadUInt32BigEndian(command);
    }
}
