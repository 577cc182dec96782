using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;
using Xunit;

namespace EmuPS.Machine.Tests.QemuOptions;

public sealed class QemuCommandLineTests
{
    [Fact]
    public void The_documents_example_is_read()
    {
        QemuCommandLine line = QemuCommandLine.Parse("-m 6G,slots=4,maxmem=10G -object memory-backend-file,id=mem1,size=1G,mem-path=/mnt/hugepages-1GB -device pc-dimm,id=dimm1,memdev=mem1 -object memory-backend-file,id=mem2,size=256M,mem-path=/mnt/hugepages-2MB -device pc-dimm,id=dimm2,memdev=mem2");
        Assert.Equal(new MemoryConfiguration { SizeBytes = 6UL << 30, Slots = 4, MaxSizeBytes = 10UL << 30 }, line.Memory);
        Assert.Equal([("mem1", 1UL << 30, "/mnt/hugepages-1GB"), ("mem2", 256UL << 20, "/mnt/hugepages-2MB")], line.Backends.Select(b => (b.Id!, b.SizeBytes!.Value, b.Path!)));
        Assert.All(line.Backends, b => Assert.Equal(MemoryBackendKind.File, b.Kind));
        Assert.Equal([new PcDimmOptions { Id = "dimm1", BackendId = "mem1" }, new PcDimmOptions { Id = "dimm2", BackendId = "mem2" }], line.Dimms);
    }

    [Fact]
    public void Separate_arguments_quotes_and_json_are_read()
    {
        QemuCommandLine line = QemuCommandLine.Parse("-m", "1G", "-m", "slots=2,maxmem=4G", "-append", "console=ttyS0 quiet", "-kernel", "/boot/vmlinuz", "-S", "--object", "{'qom-type':'memory-backend-ram','id':'a','size':4096,'host-nodes':[0,1],'policy':'bind'}", "-device pc-dimm,memdev=a,slot=1,addr=0x140000000,node=1");
        Assert.Equal((1UL << 30, 2UL, "console=ttyS0 quiet", "/boot/vmlinuz", true), (line.Memory!.SizeBytes, line.Memory.Slots!.Value, line.KernelCommandLine!, line.KernelPath!, line.StartSuspended));
        Assert.Equal((HostMemoryPolicy.Bind, 2), (line.Backends[0].HostPolicy, line.Backends[0].HostNodes.Count));
        Assert.Equal(new PcDimmOptions { BackendId = "a", Slot = 1, Address = 0x1_4000_0000, Node = 1 }, line.Dimms.Single());
        Assert.Equal("a b", QemuCommandLine.Parse("-append 'a b' -S").KernelCommandLine);
    }

    [Fact]
    public void Machine_nodes_and_monitor_are_read()
    {
        QemuCommandLine line = QemuCommandLine.Parse("-M pc,memory.size=1G,memory.slots=2,memory.max-size=3G -numa node,mem=512,cpus=0-1 -numa node,mem=512M -numa dist,src=0,dst=1,val=21 -smp 2 -name web1 -qmp unix:/tmp/x.sock,server=on,wait=off");
        Assert.Equal((2UL, 3UL << 30), (line.Memory!.Slots!.Value, line.Memory.MaxSizeBytes!.Value));
        Assert.Equal([(0, 512UL << 20, 2), (1, 512UL << 20, 0)], line.NumaNodes.Select(n => (n.NodeId!.Value, n.MemoryBytes!.Value, n.Cpus.Count)));
        Assert.Equal(21, line.NumaNodes[0].Distances[1]);
        Assert.Equal((2, "web1", "/tmp/x.sock"), (line.CpuCount!.Value, line.Name!, line.QmpSocketPath!));
        Assert.Equal(4444, QemuCommandLine.Parse("-qmp tcp:localhost:4444,server=on").QmpPort);
    }

    [Fact]
    public void Options_of_the_initial_memory_are_read()
    {
        QemuCommandLine line = QemuCommandLine.Parse("-mem-prealloc -mem-path /first -mem-path /mnt/huge -m 1G");
        Assert.Equal((true, "/mnt/huge"), (line.PreallocateMemory, line.MemoryPath));
        Assert.Equal((false, null), (QemuCommandLine.Parse("-S").PreallocateMemory, QemuCommandLine.Parse("-S").MemoryPath));
    }

    [Fact]
    public void Firmware_is_named_in_two_ways_of_which_the_last_counts()
    {
        Assert.Equal("bios.bin", QemuCommandLine.Parse("-bios bios.bin").FirmwarePath);
        Assert.Equal("/x/qboot.rom", QemuCommandLine.Parse("-bios bios.bin -machine pc,firmware=/x/qboot.rom").FirmwarePath);
        Assert.Null(QemuCommandLine.Parse("-S").FirmwarePath);
    }

    [Theory]
    [InlineData("-m 1.5", "-m 1.5: Parameter 'size' expects a non-negative number below 2^64")]
    [InlineData("-m 1G,foo=2", "-m 1G,foo=2: Invalid parameter 'foo'")]
    [InlineData("-object memory-backend-file,id=m0,size=1G", "-object memory-backend-file,id=m0,size=1G: Parameter 'mem-path' is missing")]
    [InlineData("-object memory-backend-ram,id=m0,size=abc", "-object memory-backend-ram,id=m0,size=abc: Parameter 'size' expects a size value")]
    [InlineData("-device nvdimm", "-device nvdimm: 'nvdimm' is not a valid device model name")]
    [InlineData("-device device", "-device device: Parameter 'driver' expects a non-abstract device type")]
    [InlineData("-device PIIX4_PM", "-device PIIX4_PM: Parameter 'driver' expects a pluggable device type")]
    [InlineData("-device pc-dimm,x=1", "-device pc-dimm,x=1: Property 'pc-dimm.x' not found")]
    [InlineData("-device pc-dimm,slot=5000000000", "-device pc-dimm,slot=5000000000: Parameter 'slot' expects int32_t")]
    [InlineData("-device pc-dimm,slot=x", "-device pc-dimm,slot=x: Parameter 'slot' expects integer")]
    [InlineData("-device pc-dimm,foo", "-device pc-dimm,foo: Property 'pc-dimm.foo' not found")]
    [InlineData("-device isa-serial", "-device isa-serial: 'isa-serial' is not a valid device model name")]
    [InlineData("-device pvpanic,foo=1", "-device pvpanic,foo=1: Property 'pvpanic.foo' not found")]
    [InlineData("-device pvpanic -device pvpanic", "-device pvpanic: duplicate fw_cfg file name: etc/pvpanic-port")]
    [InlineData("-device pvpanic,id=1", "-device pvpanic,id=1: Parameter 'id' expects an identifier")]
    [InlineData("-device pvpanic,events=x", "-device pvpanic,events=x: Parameter 'events' expects integer")]
    [InlineData("-device pvpanic,events=300", "-device pvpanic,events=300: Parameter 'events' expects uint8_t")]
    [InlineData("-device pvpanic,ioport=70000", "-device pvpanic,ioport=70000: Parameter 'ioport' expects uint16_t")]
    [InlineData("-device pvpanic,bus=pci.0", "-device pvpanic,bus=pci.0: Device 'pvpanic' can't go on PCI bus")]
    [InlineData("-action panic=x", "-action panic=x: Parameter 'panic' does not accept value 'x'")]
    [InlineData("-action foo=1", "-action foo=1: Invalid parameter 'foo'")]
    [InlineData("-object memory-backend-ram,id=a,size=1M,host-nodes=x,policy=bind", "-object memory-backend-ram,id=a,size=1M,host-nodes=x,policy=bind: Parameter 'host-nodes' expects a uint64 value or range")]
    [InlineData("-object memory-backend-ram,id=a,size=1M,prealloc-threads=x", "-object memory-backend-ram,id=a,size=1M,prealloc-threads=x: Parameter 'prealloc-threads' expects a uint64 value")]
    [InlineData("-object memory-backend-ram,,id=a", "-object memory-backend-ram,,id=a: Parameter 'qom-type' does not accept value 'memory-backend-ram,id=a'")]
    [InlineData("-frob", "-frob: invalid option")]
    [InlineData("-m", "-m: requires an argument")]
    [InlineData("-mem-path", "-mem-path: requires an argument")]
    [InlineData("-mem-prealloc=on", "-mem-prealloc=on: invalid option")]
    [InlineData("-accel kvm", "-accel kvm: invalid accelerator kvm")]
    [InlineData("-accel tcg,split-wx=maybe", "-accel tcg,split-wx=maybe: Parameter 'split-wx' expects 'on' or 'off'")]
    [InlineData("-accel tcg,x=1", "-accel tcg,x=1: Property 'tcg-accel.x' not found")]
    [InlineData("-M q35", "-M q35: unsupported machine type")]
    [InlineData("-numa dist,src=0,dst=1,val=5", "-numa dist,src=0,dst=1,val=5: NUMA distance (5) is invalid, it shouldn't be less than 10.")]
    [InlineData("-append 'x", "A quotation mark (') is not closed.")]
    public void What_is_wrong_is_told_with_its_option(string text, string message) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => QemuCommandLine.Parse(text)).Message);

    [Theory]
    [InlineData("-S", null)]
    [InlineData("-accel tcg", null)]
    [InlineData("-accel tcg,split-wx=on", true)]
    [InlineData("-accel tcg,split-wx=off", false)]
    public void Whether_code_has_a_second_view_is_read(string text, bool? expected) => Assert.Equal(expected, QemuCommandLine.Parse(text).SplitWx);

    [Fact]
    public void The_device_for_panics_and_what_they_do_are_read()
    {
        Assert.Equal(new PanicDevice { Id = "p", Events = 1, Port = 0x600 }, QemuCommandLine.Parse("-device pvpanic,id=p,events=1,ioport=0x600").Panic);
        Assert.Equal(new PanicDevice(), QemuCommandLine.Parse("-device", "{'driver':'pvpanic','bus':'isa.0'}").Panic);
        Assert.Equal((GuestPanicAction.None, true), (QemuCommandLine.Parse("-action panic=pause,panic=none -action reboot=shutdown").OnGuestPanic, QemuCommandLine.Parse("-action reboot=shutdown").NoReboot));
        Assert.Equal(GuestPanicAction.ExitFailure, QemuCommandLine.Parse("-action panic=exit-failure,shutdown=poweroff").OnGuestPanic);
    }

    [Fact]
    public void Doubled_commas_are_commas() =>
        Assert.Equal([("p", "/a,b"), ("e", string.Empty)], OptionText.Parse("p=/a,,b,e=", null).Select(p => (p.Key, p.Value)));
}
