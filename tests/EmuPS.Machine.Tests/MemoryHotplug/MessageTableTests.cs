using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using EmuPS.Machine.Hmp;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>QEMU 7.2's table of messages of object-add and device_add, through both monitors; a row with two faults says which check comes first.</summary>
/// <remarks>What only the options of the start can say is in <c>HotplugMessageTests</c>, <c>QemuCommandLineTests</c> and <c>MemoryConfigurationTests</c>.</remarks>
public sealed class MessageTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-table-").FullName;
    private readonly FakeMachineControl _machine = new();

    public MessageTableTests()
    {
        using (FileStream small = File.Create(Path.Combine(_folder, "small")))
        {
            small.SetLength(64 << 20);
        }

        _machine.Rig.Backend("used", HotplugRig.GiB);
        _machine.Rig.Backend("free", HotplugRig.GiB / 2);
        _machine.Rig.Backend("odd", 3 * HotplugRig.MiB);
        _machine.Rig.Backend("big", 3 * HotplugRig.GiB);
        _machine.Hotplug.AddDimm(new PcDimmOptions { Id = "dimm1", BackendId = "used", Slot = 1 });
    }

    /// <summary>Properties as QMP takes them, and the message; a second message where the human monitor's differs.</summary>
    public static TheoryData<string, string, string?> Backends => new()
    {
        { "{'qom-type':'memory-backend-foo','id':'z','size':1}", "Parameter 'qom-type' does not accept value 'memory-backend-foo'", null },
        { "{'id':'z','size':1}", "Parameter 'qom-type' is missing", null },
        { "{'qom-type':'memory-backend-ram','size':1}", "Parameter 'id' is missing", null },
        { "{'qom-type':'memory-backend-ram','id':'1z','size':1}", "Parameter 'id' expects an identifier", null },
        { "{'qom-type':'memory-backend-ram','id':'z_é','size':1}", "Parameter 'id' expects an identifier", null },
        { "{'qom-type':'memory-backend-ram','id':'used','size':1}", "attempt to add duplicate property 'used' to object (type 'container')", null },
        { "{'qom-type':'memory-backend-ram','id':'z'}", "Parameter 'size' is missing", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':0}", "property 'size' of memory-backend-ram doesn't take value '0'", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':'1Q'}", "Parameter 'size' expects uint64", "Parameter 'size' expects size" },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'foo':1}", "Parameter 'foo' is unexpected", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'mem-path':'/tmp'}", "Parameter 'mem-path' is unexpected", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1}", "Parameter 'mem-path' is missing", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'policy':'bind'}", "host-nodes must be set for policy bind", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'policy':'preferred'}", "host-nodes must be set for policy preferred", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'policy':'interleave'}", "host-nodes must be set for policy interleave", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'host-nodes':[0]}", "host-nodes must be empty for policy default, or you should explicitly specify a policy other than default", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'policy':'bind','host-nodes':[128]}", "Invalid host-nodes value: 128", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'policy':'x'}", "Parameter 'policy' does not accept value 'x'", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'prealloc':true,'reserve':false}", "'prealloc=on' and 'reserve=off' are incompatible", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1,'prealloc-threads':0}", "property 'prealloc-threads' of memory-backend-ram doesn't take value '0'", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':1152921504606846976}", "cannot set up guest memory 'z': Cannot allocate memory", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':9223372036854775808}", "cannot set up guest memory 'z': Cannot allocate memory", null },
        { "{'qom-type':'memory-backend-ram','id':'z','size':18446744073709551615}", "cannot set up guest memory 'z': Cannot allocate memory", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/small','align':3}", "alignment 0x3 must be multiples of page size 0x1000", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/small','align':12288}", "alignment 0x3000 must be a power of two", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/small','offset':2048}", "offset 0x800 must be multiples of page size 0x1000", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1073741824,'mem-path':'FOLDER/small'}", "backing store size 0x4000000 does not match 'size' option 0x40000000", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/no/file'}", "can't open backing store FOLDER/no/file for guest RAM: No such file or directory", null },
        { "{'qom-type':'memory-backend-memfd','id':'z','size':1,'hugetlb':true,'hugetlbsize':3}", "Hugepage size must be a power of 2", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/small','rom':'on'}", "property 'rom' = 'on' is not supported with 'readonly' = 'off'", null },
        { "{'qom-type':'memory-backend-file','id':'z','size':1,'mem-path':'FOLDER/small','rom':'off','readonly':true,'share':true}", "property 'rom' = 'off' is incompatible with 'readonly' = 'on' and 'share' = 'on'", null },
    };

    /// <summary>As above, of devices.</summary>
    public static TheoryData<string, string, string?> Dimms => new()
    {
        { "{'driver':'no','id':'1d'}", "Parameter 'id' expects an identifier", null },
        { "{'id':'d','memdev':'free'}", "Parameter 'driver' is missing", null },
        { "{'driver':'pc-dimmx','id':'dimm1','memdev':'free'}", "'pc-dimmx' is not a valid device model name", null },
        { "{'driver':'device','id':'d'}", "Parameter 'driver' expects a non-abstract device type", null },
        { "{'driver':'PIIX4_PM','id':'d'}", "Parameter 'driver' expects a pluggable device type", null },
        { "{'driver':'pc-dimm','id':'dimm1','memdev':'nosuch','slot':9}", "Duplicate device ID 'dimm1'", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','foo':1}", "Property 'pc-dimm.foo' not found", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','size':1}", "Property 'pc-dimm.size' is not writable", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'nosuch','slot':9}", "DeviceNotFound: Device 'nosuch' not found", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','slot':'x'}", "Parameter 'slot' expects integer", null },
        { "{'driver':'pc-dimm','id':'d','slot':3}", "invalid slot number 3, valid range is [0-2]", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','slot':-2}", "invalid slot number -2, valid range is [0-2]", null },
        { "{'driver':'pc-dimm','id':'d','slot':1}", "slot 1 is busy", null },
        { "{'driver':'pc-dimm','id':'d','addr':1}", "'memdev' property must be set", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'big','addr':1}", "not enough space, currently 0x40000000 in use of total space for memory devices 0xc0000000", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'odd','addr':4294967297}", "address must be aligned to 0x200000 bytes", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'odd','addr':16777216}", "backend memory size must be multiple of 0x200000", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','addr':16777216,'node':5}", "can't add memory device [0x1000000:0x20000000], usable range for memory devices [0x100000000:0x180000000]", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'free','addr':4294967296,'node':5}", "address range conflicts with memory device id='dimm1'", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'used','node':5}", "'DIMM property node has value 5' which exceeds the number of numa nodes: 1", null },
        { "{'driver':'pc-dimm','id':'d','memdev':'used'}", "can't use already busy memdev: used", null },
    };

    public void Dispose()
    {
        _machine.Dispose();
        Directory.Delete(_folder, true);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_backend_that_cannot_be_is_refused_in_qemus_words(string properties, string message, string? inText)
    {
        int before = _machine.Hotplug.Backends.Count;
        Refused("object-add", properties, message, inText);
        Assert.Equal(before, _machine.Hotplug.Backends.Count);
    }

    [Theory]
    [MemberData(nameof(Dimms))]
    public void A_DIMM_that_cannot_be_is_refused_in_qemus_words(string properties, string message, string? inText)
    {
        Refused("device_add", properties, message, inText);
        Assert.Single(_machine.Hotplug.Dimms);
    }

    [Fact]
    public void A_full_machine_says_so_before_it_looks_at_the_backend()
    {
        _machine.Rig.Dimm("a", 2 * HotplugRig.MiB);
        _machine.Rig.Dimm("b", 2 * HotplugRig.MiB);
        Refused("device_add", "{'driver':'pc-dimm','id':'d'}", "no free slots available", null);
    }

    private void Refused(string command, string properties, string message, string? inText)
    {
        properties = properties.Replace("FOLDER", _folder, StringComparison.Ordinal);
        message = message.Replace("FOLDER", _folder, StringComparison.Ordinal);
        const string notFound = "DeviceNotFound: ";
        string errorClass = message.StartsWith(notFound, StringComparison.Ordinal) ? "DeviceNotFound" : "GenericError";
        message = message.StartsWith(notFound, StringComparison.Ordinal) ? message[notFound.Length..] : message;
        IReadOnlyDictionary<string, object?> values = (IReadOnlyDictionary<string, object?>)QmpJson.Read(properties)!;

        EngineException error = Assert.Throws<EngineException>(() => new QmpDispatcher(_machine).Execute(command, values));
        Assert.Equal((errorClass, message), (error.QmpClass, error.Message));

        string line = command.Replace('-', '_') + " " + string.Join(',', values.Select(pair => $"{pair.Key}={Text(pair.Value)}"));
        Assert.StartsWith($"Error: {inText ?? message}\n", new HmpMonitor(_machine).Execute(line));
    }

    private static string Text(object? value) => value switch
    {
        bool flag => flag ? "on" : "off",
        string text => text,
        System.Collections.IEnumerable list => string.Join(',', list.Cast<object?>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
