using System.Collections.Generic;
using EmuPS.Devices.Acpi;
using Xunit;

namespace EmuPS.Devices.Tests.Acpi;

public sealed class MemoryHotplugRegistersTests : IMemoryHotplugObserver
{
    private readonly List<string> _heard = [];
    private readonly MemoryHotplugRegisters _registers;

    public MemoryHotplugRegistersTests() => _registers = new MemoryHotplugRegisters(3, this);

    void IMemoryHotplugObserver.InsertEventCleared(int slot) => _heard.Add($"insert {slot}");

    void IMemoryHotplugObserver.RemoveEventCleared(int slot) => _heard.Add($"remove {slot}");

    void IMemoryHotplugObserver.StatusReported(int slot, uint source, uint status) => _heard.Add($"ost {slot} {source} {status}");

    void IMemoryHotplugObserver.Ejected(int slot)
    {
        _heard.Add($"eject {slot}");
        _registers.Unplug(slot);
    }

    [Fact]
    public void A_selected_slot_shows_its_dimm_in_halves()
    {
        _registers.Plug(1, 0x1_4000_0000, 0x2_0800_0000, 5, announce: true);
        _registers.Write(0, 4, 1);
        Assert.Equal([0x4000_0000UL, 1UL, 0x0800_0000UL, 2UL, 5UL, 3UL], [_registers.Read(0, 4), _registers.Read(4, 4), _registers.Read(8, 4), _registers.Read(0xC, 4), _registers.Read(0x10, 4), _registers.Read(0x14, 1)]);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(5u)]
    [InlineData(0x11u)]
    [InlineData(0x15u)]
    [InlineData(0x17u)]
    public void An_offset_that_is_not_the_start_of_a_register_reads_all_ones_and_ignores_writes(uint offset)
    {
        _registers.Plug(0, 0x1_0000_0000, 0x800_0000, 0, announce: true);
        _registers.Write(offset, 1, 0x0E);
        Assert.Equal(0xFFFF_FFFF, _registers.Read(offset, 1));
        Assert.Empty(_heard);
        Assert.True(_registers[0].InsertPending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_width_reaches_a_register_at_its_start(int size)
    {
        _registers.Plug(2, 0x1_0000_0000, 0x800_0000, 0, announce: false);
        _registers.Write(0, size, 2);
        Assert.Equal(2u, _registers.Selector);
        Assert.Equal(1UL, _registers.Read(0x14, size));
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_selector_without_a_slot_reads_zero_everywhere_and_drops_writes(uint selector)
    {
        _registers.Write(0, 4, selector);
        Assert.Equal(selector, _registers.Selector);
        foreach (uint offset in new uint[] { 0, 1, 4, 8, 0xC, 0x10, 0x14, 0x15 })
        {
            Assert.Equal(0UL, _registers.Read(offset, 4));
        }

        _registers.Write(4, 4, 3);
        _registers.Write(8, 4, 0);
        _registers.Write(0x14, 1, 0x0E);
        Assert.Empty(_heard);
    }

    [Fact]
    public void One_control_write_does_one_thing()
    {
        _registers.Plug(0, 0x1_0000_0000, 0x800_0000, 0, announce: true);
        _registers.RequestRemoval(0);
        Assert.Equal(7UL, _registers.Read(0x14, 1));
        _registers.Write(0x14, 1, 0x0E);
        Assert.Equal(5UL, _registers.Read(0x14, 1));
        _registers.Write(0x14, 1, 0x0C);
        Assert.Equal(1UL, _registers.Read(0x14, 1));
        _registers.Write(0x14, 1, 0x08);
        Assert.Equal(0UL, _registers.Read(0x14, 1));
        Assert.Equal(["insert 0", "remove 0", "eject 0"], _heard);
    }

    [Fact]
    public void An_eject_of_an_empty_slot_is_ignored_and_one_without_request_works()
    {
        _registers.Write(0x14, 1, 0x08);
        Assert.Empty(_heard);
        _registers.Plug(0, 0x1_0000_0000, 0x800_0000, 0, announce: false);
        _registers.Write(0x14, 1, 0x08);
        Assert.Equal(["eject 0"], _heard);
    }

    [Fact]
    public void The_status_is_reported_with_the_source_that_was_written_before_it()
    {
        _registers.Write(0, 4, 2);
        _registers.Write(4, 4, 3);
        Assert.Empty(_heard);
        _registers.Write(8, 4, 0x84);
        _registers.Write(8, 4, 0);
        Assert.Equal(["ost 2 3 132", "ost 2 3 0"], _heard);
        Assert.Equal((3u, 0u), (_registers[2].OstSource, _registers[2].OstStatus));
    }

    [Fact]
    public void Eject_leaves_events_and_reported_status_in_the_slot()
    {
        _registers.Plug(0, 0x1_0000_0000, 0x800_0000, 7, announce: true);
        _registers.RequestRemoval(0);
        _registers.Write(4, 4, 3);
        _registers.Write(8, 4, 0x84);
        _registers.Write(0x14, 1, 0x08);
        Assert.Equal(6UL, _registers.Read(0x14, 1));
        Assert.Equal([0UL, 0UL, 0UL, 0UL, 0UL], [_registers.Read(0, 4), _registers.Read(4, 4), _registers.Read(8, 4), _registers.Read(0xC, 4), _registers.Read(0x10, 4)]);
        Assert.Equal(0x84u, _registers[0].OstStatus);
    }

    [Fact]
    public void Read_only_registers_ignore_writes()
    {
        _registers.Plug(0, 0x1_0000_0000, 0x800_0000, 7, announce: false);
        _registers.Write(0xC, 4, 1);
        _registers.Write(0x10, 4, 1);
        _registers.Write(0x14, 1, 0xF1);
        Assert.Equal((0x800_0000UL, 7u, true), (_registers[0].Size, _registers[0].Node, _registers[0].IsEnabled));
        Assert.Empty(_heard);
    }
}
