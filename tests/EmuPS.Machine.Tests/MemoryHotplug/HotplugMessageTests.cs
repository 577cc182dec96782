using System;
using EmuPS.Machine.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>The checks of device_add, object-add and object-del: message, id and order.</summary>
public sealed class HotplugMessageTests
{
    private const ulong MiB = HotplugRig.MiB;
    private const ulong GiB = HotplugRig.GiB;

    public static TheoryData<string, string, PcDimmOptions> Refusals => new()
    {
        { ErrorIds.InvalidIdentifier, "Parameter 'id' expects an identifier", new() { Id = "1d", BackendId = "nosuch" } },
        { ErrorIds.DimmExists, "Duplicate device ID 'dimm1'", new() { Id = "dimm1", BackendId = "nosuch" } },
        { ErrorIds.BackendNotFound, "Device 'nosuch' not found", new() { Id = "d", BackendId = "nosuch", Slot = 7 } },
        { ErrorIds.DimmSlotOutOfRange, "invalid slot number 3, valid range is [0-2]", new() { Id = "d", BackendId = "free", Slot = 3 } },
        { ErrorIds.DimmSlotOutOfRange, "invalid slot number -2, valid range is [0-2]", new() { Id = "d", BackendId = "free", Slot = -2 } },
        { ErrorIds.DimmSlotOutOfRange, "invalid slot number 7, valid range is [0-2]", new() { Id = "d", Slot = 7 } },
        { ErrorIds.DimmSlotOccupied, "slot 1 is busy", new() { Id = "d", Slot = 1 } },
        { ErrorIds.BackendNotSet, "'memdev' property must be set", new() { Id = "d", Address = 1 } },
        { ErrorIds.HotplugRegionExhausted, "not enough space, currently 0x40000000 in use of total space for memory devices 0xc0000000", new() { Id = "d", BackendId = "big", Address = 1 } },
        { ErrorIds.DimmAddressNotAligned, "address must be aligned to 0x200000 bytes", new() { Id = "d", BackendId = "odd", Address = 0x1_0000_0001 } },
        { ErrorIds.DimmSizeNotAligned, "backend memory size must be multiple of 0x200000", new() { Id = "d", BackendId = "odd", Address = 0x100_0000 } },
        { ErrorIds.DimmAddressOutOfRange, "can't add memory device [0x1000000:0x20000000], usable range for memory devices [0x100000000:0x180000000]", new() { Id = "d", BackendId = "free", Address = 0x100_0000, Node = 5 } },
        { ErrorIds.DimmAddressOutOfRange, "can't add memory device [0x8000000000:0x20000000], usable range for memory devices [0x100000000:0x180000000]", new() { Id = "d", BackendId = "free", Address = 0x80_0000_0000 } },
        { ErrorIds.DimmAddressOutOfRange, "can't add memory device [0x270000000:0x20000000], usable range for memory devices [0x100000000:0x180000000]", new() { Id = "d", BackendId = "free", Address = 0x2_7000_0000 } },
        { ErrorIds.AddressConflict, "address range conflicts with memory device id='dimm1'", new() { Id = "d", BackendId = "free", Address = 0x1_3FE0_0000, Node = 5 } },
        { ErrorIds.NumaNodeNotFound, "'DIMM property node has value 5' which exceeds the number of numa nodes: 1", new() { Id = "d", BackendId = "used", Node = 5 } },
        { ErrorIds.BackendInUse, "can't use already busy memdev: used", new() { Id = "d", BackendId = "used" } },
        { ErrorIds.BackendInUse, "can't use already busy memdev: used", new() { Id = "d", BackendId = "/objects/used" } },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void The_first_failing_check_wins_and_nothing_is_left(string errorId, string message, PcDimmOptions options)
    {
        using HotplugRig rig = new();
        rig.Backend("used", GiB);
        rig.Backend("free", 512 * MiB);
        rig.Backend("odd", 3 * MiB);
        rig.Backend("big", 3 * GiB);
        rig.Manager.AddDimm(new PcDimmOptions { Id = "dimm1", BackendId = "used", Slot = 1 });
        int events = rig.Host.GpeCount;

        EngineException error = Assert.Throws<EngineException>(() => rig.Manager.AddDimm(options));
        Assert.Equal((errorId, message), (error.ErrorId, error.Message));
        Assert.Single(rig.Manager.Dimms);
        Assert.Equal(events, rig.Host.GpeCount);
        Assert.True(rig.Manager.Slots[0].IsFree);
        Assert.Equal("d", rig.Manager.AddDimm(new PcDimmOptions { Id = "d", BackendId = "free", Slot = 0 }).Id);
    }

    [Fact]
    public void A_full_machine_says_so()
    {
        using HotplugRig rig = new("1G,slots=1,maxmem=4G");
        rig.Dimm("a", 128 * MiB);
        rig.Backend("b", 128 * MiB);
        Assert.Equal("no free slots available", Assert.Throws<EngineException>(() => rig.Manager.AddDimm(new PcDimmOptions { BackendId = "b" })).Message);
    }

    [Theory]
    [InlineData("1G", -1, "no slots where allocated, please specify the 'slots' option")]
    [InlineData("1G,maxmem=4G", -1, "no slots where allocated, please specify the 'slots' option")]
    [InlineData("1G", 0, "invalid slot number 0, valid range is [0-18446744073709551615]")]
    public void A_machine_without_slots_says_so(string memory, int slot, string message)
    {
        using HotplugRig rig = new(memory);
        Assert.Null(rig.Manager.Registers);
        rig.Backend("b", 128 * MiB);
        Assert.Equal(message, Assert.Throws<EngineException>(() => rig.Manager.AddDimm(new PcDimmOptions { BackendId = "b", Slot = slot })).Message);
        Assert.Equal("Device 'x' not found", Assert.Throws<EngineException>(() => rig.Manager.RequestRemoval("x")).Message);
    }

    [Fact]
    public void An_unnamed_neighbour_is_called_unnamed()
    {
        using HotplugRig rig = new();
        rig.Backend("a", GiB);
        rig.Backend("b", GiB);
        rig.Manager.AddDimm(new PcDimmOptions { BackendId = "a" });
        Assert.Equal("address range conflicts with memory device id='(unnamed)'", Assert.Throws<EngineException>(() => rig.Manager.AddDimm(new PcDimmOptions { BackendId = "b", Address = 0x1_0000_0000 })).Message);
    }

    [Theory]
    [InlineData("nosuch", "Device 'nosuch' not found", "DeviceNotFound")]
    [InlineData("/machine/peripheral/nosuch", "Device '/machine/peripheral/nosuch' not found", "DeviceNotFound")]
    [InlineData("/objects/m", "/objects/m is not a hotpluggable device", "GenericError")]
    [InlineData("/machine", "/machine is not a hotpluggable device", "GenericError")]
    public void Removing_what_is_no_dimm_is_refused(string name, string message, string qmpClass)
    {
        using HotplugRig rig = new();
        rig.Backend("m", GiB);
        EngineException error = Assert.Throws<EngineException>(() => rig.Manager.RequestRemoval(name));
        Assert.Equal((ErrorIds.DimmNotFound, message, qmpClass), (error.ErrorId, error.Message, error.QmpClass));
    }

    [Fact]
    public void Backends_that_exist_are_used_or_are_missing_are_told_apart()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", GiB);
        rig.Manager.CreateMainMemory();
        static (string, string) Failure(Action action)
        {
            EngineException e = Assert.Throws<EngineException>(action);
            return (e.ErrorId, e.Message);
        }

        Assert.Equal((ErrorIds.BackendExists, "attempt to add duplicate property 'mem-d' to object (type 'container')"), Failure(() => rig.Backend("mem-d", 1)));
        Assert.Equal((ErrorIds.BackendInUse, "object 'mem-d' is in use, can not be deleted"), Failure(() => rig.Manager.RemoveBackend("mem-d")));
        Assert.Equal((ErrorIds.BackendInUse, "object 'pc.ram' is in use, can not be deleted"), Failure(() => rig.Manager.RemoveBackend("pc.ram")));
        Assert.Equal((ErrorIds.BackendNotFound, "object 'x' not found"), Failure(() => rig.Manager.RemoveBackend("x")));
        Assert.Equal((ErrorIds.InvalidIdentifier, "Parameter 'id' expects an identifier"), Failure(() => rig.Backend("me m", 1)));
        Assert.Equal((ErrorIds.InvalidIdentifier, "Parameter 'id' expects an identifier"), Failure(() => rig.Backend(string.Empty, 1)));
    }

    [Fact]
    public void While_the_machine_is_built_duplicates_are_called_as_on_the_command_line()
    {
        using HotplugRig rig = new();
        rig.Host.HasStarted = false;
        DimmInfo cold = rig.Dimm("d", GiB);
        Assert.Equal("Duplicate ID 'mem-d' for object", Assert.Throws<EngineException>(() => rig.Backend("mem-d", 1)).Message);
        Assert.Equal("Duplicate ID 'd' for device", Assert.Throws<EngineException>(() => rig.Manager.AddDimm(new PcDimmOptions { Id = "d" })).Message);
        Assert.Equal((false, DimmState.Present, 0), (cold.Hotplugged, cold.State, rig.Host.GpeCount));
        Assert.Equal(1u, rig.Guest.Read(0, 0x14));
    }

    [Fact]
    public void A_fragmented_region_is_told_from_a_full_one()
    {
        MemoryLayout layout = new(GiB, 0, 0x1_0000_0000, GiB);
        DimmAddressAllocator.Placed[] middle = [new(0x1_1000_0000, 0x2000_0000, "m")];
        EngineException error = Assert.Throws<EngineException>(() => DimmAddressAllocator.Allocate(layout, GiB, middle, 0x2000_0000, 2 * MiB, 0));
        Assert.Equal("could not find position in guest address space for memory device - memory fragmented due to alignments", error.Message);
        Assert.Equal(0x1_0000_0000UL, DimmAddressAllocator.Allocate(layout, GiB, middle, 0x1000_0000, 2 * MiB, 0));
        Assert.Equal(ErrorIds.HotplugNotEnabled, Assert.Throws<EngineException>(() => DimmAddressAllocator.Allocate(layout with { DeviceMemorySize = 0 }, 0, [], 1, 1, 0)).ErrorId);
    }
}
