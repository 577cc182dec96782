using EmuPS.Devices.Firmware;
using EmuPS.Devices.Pci;
using Xunit;

namespace EmuPS.Devices.Tests.Pci;

public sealed class PciHostTests
{
    private readonly PciHost _host;
    private int _resets;

    public PciHostTests()
    {
        _host = new PciHost(new ResetControl(() => _resets++));
        _host.Attach(0, 0, new I440Fx());
        _host.Attach(1, 0, new Piix3Isa());
        _host.Attach(1, 3, new Piix4Pm());
        _host.Attach(2, 0, new Card());
    }

    [Theory]
    [InlineData(0, 0, 0x1237_8086u, 0x0600_0002u)]
    [InlineData(1, 0, 0x7000_8086u, 0x0601_0000u)]
    [InlineData(1, 3, 0x7113_8086u, 0x0680_0003u)]
    [InlineData(1, 1, 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    [InlineData(31, 7, 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    public void A_scan_finds_the_chipset(int slot, int function, uint id, uint classCode)
    {
        Assert.Equal(id, Read(slot, function, 0));
        Assert.Equal(classCode, Read(slot, function, 8));
    }

    [Fact]
    public void The_address_register_reads_back_as_probes_expect()
    {
        _host.AddressPort.Write(0, 4, 0x8000_0000);
        Assert.Equal(0x8000_0000UL, _host.AddressPort.Read(0, 4));
        _host.AddressPort.Write(0, 4, 0);
        Assert.Equal(0xFFFF_FFFFUL, _host.DataPort.Read(0, 4));
    }

    [Fact]
    public void Read_only_registers_stay_and_the_multifunction_bit_is_seen()
    {
        Write(1, 0, 0, 0);
        Assert.Equal(0x7000_8086u, Read(1, 0, 0));
        Assert.Equal(0x0080_0000u, Read(1, 0, 0x0C) & 0xFF_0000);
        Write(1, 3, 0x40, 0xFFFF_FFFF);
        Assert.Equal(0x601u, Read(1, 3, 0x40));
    }

    [Fact]
    public void Narrow_accesses_reach_their_bytes()
    {
        Address(1, 0, 0x60);
        _host.DataPort.Write(1, 1, 0x8B);
        Assert.Equal(0x8BUL, _host.DataPort.Read(1, 1));
        Assert.Equal(0x8B0AUL, _host.DataPort.Read(0, 2));
    }

    [Fact]
    public void A_base_address_tells_its_size()
    {
        Write(2, 0, 0x10, 0xFFFF_FFFF);
        Assert.Equal(0xFFFF_F000u, Read(2, 0, 0x10));
        Write(2, 0, 0x14, 0xFFFF_FFFF);
        Assert.Equal(0xFFFF_FFE1u, Read(2, 0, 0x14));
        Write(2, 0, 0x18, 0xFFFF_FFFF);
        Assert.Equal(0u, Read(2, 0, 0x18));
        _host.Reset();
        Assert.Equal(0u, Read(2, 0, 0x10));
    }

    [Fact]
    public void Port_cf9_lies_inside_the_address_port()
    {
        Address(1, 0, 0);
        _host.AddressPort.Write(1, 1, 6);
        Assert.Equal(1, _resets);
        Assert.Equal(0x8000_0800UL, _host.AddressPort.Read(0, 4));
    }

    private void Address(int slot, int function, int offset) =>
        _host.AddressPort.Write(0, 4, 0x8000_0000 | (ulong)((slot << 11) | (function << 8) | offset));

    private uint Read(int slot, int function, int offset)
    {
        Address(slot, function, offset);
        return (uint)_host.DataPort.Read(0, 4);
    }

    private void Write(int slot, int function, int offset, uint value)
    {
        Address(slot, function, offset);
        _host.DataPort.Write(0, 4, value);
    }

    private sealed class Card : PciDevice
    {
        public Card()
            : base(0x1234, 0x5678, 1, 0x02_00_00)
        {
            DefineBar(0, 0x1000, isPort: false);
            DefineBar(1, 0x20, isPort: true);
        }
    }
}
