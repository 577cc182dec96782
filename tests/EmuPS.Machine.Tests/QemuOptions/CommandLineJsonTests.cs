using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.QemuOptions;
using Xunit;

namespace EmuPS.Machine.Tests.QemuOptions;

/// <summary>JSON on the command line, with the words of QEMU 7.2.22 as it gave them on this input.</summary>
public sealed class CommandLineJsonTests
{
    public static TheoryData<string, string, string> Refusals => new()
    {
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":"1M"}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":"4096"}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":1.5}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":1e6}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":18446744073709551616}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":true}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":null}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":{}}""", "Parameter 'size' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"share":"on"}""", "Invalid parameter type for 'share', expected: boolean" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"share":1}""", "Invalid parameter type for 'share', expected: boolean" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"share":null}""", "Invalid parameter type for 'share', expected: boolean" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"host-nodes":0}""", "Invalid parameter type for 'host-nodes', expected: array" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"host-nodes":["0"],"policy":"bind"}""", "Parameter 'host-nodes[0]' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"host-nodes":[true],"policy":"bind"}""", "Parameter 'host-nodes[0]' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"host-nodes":[0,"x"],"policy":"bind"}""", "Parameter 'host-nodes[1]' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"host-nodes":[0],"policy":"x"}""", "Parameter 'policy' does not accept value 'x'" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"policy":5}""", "Invalid parameter type for 'policy', expected: string" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"prealloc-threads":"2"}""", "Parameter 'prealloc-threads' expects uint64" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"prealloc-threads":4294967296}""", "Parameter 'prealloc-threads' expects uint32_t" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"bogus":1}""", "Parameter 'bogus' is unexpected" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,"props":{"size":4096}}""", "Parameter 'props' is unexpected" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","id":"n","size":4096}""", "JSON parse error, duplicate key" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096""", "JSON parse error, premature EOI" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096}}""", "Expecting at most one JSON value" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096} x""", "Expecting at most one JSON value" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":4096,}""", "JSON parse error, expecting value" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m","size":0x1000}""", "JSON parse error, expected separator in dict" },
        { "-object", """{"qom-type":"memory-backend-ram","id":"m"}""", "Parameter 'size' is missing" },
        { "-object", """{"qom-type":"memory-backend-ram","size":4096}""", "Parameter 'id' is missing" },
        { "-object", """{"id":"m","size":4096}""", "Parameter 'qom-type' is missing" },
        { "-object", """{"qom-type":"memory-backend-ram","id":5,"size":4096}""", "Invalid parameter type for 'id', expected: string" },
        { "-object", """{"qom-type":"memory-backend-ram","id":null,"size":4096}""", "Invalid parameter type for 'id', expected: string" },
        { "-object", """{"qom-type":5,"id":"m","size":4096}""", "Invalid parameter type for 'qom-type', expected: string" },
        { "-object", """{"qom-type":"x","id":"m","size":4096}""", "Parameter 'qom-type' does not accept value 'x'" },
        { "-object", """{"qom-type":"memory-backend-file","id":"m","size":4096}""", "Parameter 'mem-path' is missing" },
        { "-object", """{"qom-type":"memory-backend-file","id":"m","size":4096,"mem-path":5}""", "Invalid parameter type for 'mem-path', expected: string" },
        { "-object", """{}""", "Parameter 'qom-type' is missing" },
        { "-object", """{qom-type:"memory-backend-ram"}""", "JSON parse error, stray '-t'" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":"1"}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":1.5}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":true}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":null}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":[1]}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":{"a":1}}""", "Invalid parameter type for 'slot', expected: integer" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":2147483648}""", "Parameter 'slot' expects int32_t" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","addr":"0x100000000"}""", "Parameter 'addr' expects uint64" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","addr":18446744073709551616}""", "Parameter 'addr' expects uint64" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","node":"0"}""", "Parameter 'node' expects uint64" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","node":4294967296}""", "Parameter 'node' expects uint32_t" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","bus":"x"}""", "Bus 'x' not found" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","bogus":1}""", "Property 'pc-dimm.bogus' not found" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","hotplugged":true}""", "Property 'pc-dimm.hotplugged' is not writable" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","hotpluggable":false}""", "Property 'pc-dimm.hotpluggable' is not writable" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","size":4096}""", "Property 'pc-dimm.size' is not writable" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","id":"e"}""", "JSON parse error, duplicate key" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":1""", "JSON parse error, premature EOI" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":1}}""", "Expecting at most one JSON value" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":5}""", "Invalid parameter type for 'memdev', expected: string" },
        { "-device", """{"driver":"pc-dimm","id":"d","memdev":null}""", "Invalid parameter type for 'memdev', expected: string" },
        { "-device", """{"driver":5,"id":"d","memdev":"m"}""", "Parameter 'driver' is missing" },
        { "-device", """{"driver":null,"id":"d","memdev":"m"}""", "Parameter 'driver' is missing" },
        { "-device", """{"driver":"nope","id":"d","memdev":"m"}""", "'nope' is not a valid device model name" },
        { "-device", """{"id":"d","memdev":"m"}""", "Parameter 'driver' is missing" },
        { "-device", """{}""", "Parameter 'driver' is missing" },
        { "-object", """{"a":0x1}""", "JSON parse error, expected separator in dict" },
        { "-object", """{"a":00}""", "JSON parse error, stray '00'" },
        { "-object", """{"a":-0x1}""", "JSON parse error, expected separator in dict" },
        { "-object", """{"a":1x}""", "JSON parse error, expected separator in dict" },
        { "-object", """{"a":1.x}""", "JSON parse error, stray '1.x'" },
        { "-object", """{"a":1.5x}""", "JSON parse error, expected separator in dict" },
        { "-object", """{"a":1e}""", "JSON parse error, stray '1e}'" },
        { "-object", """{"a":-}""", "JSON parse error, stray '-}'" },
        { "-object", """{"a":}""", "JSON parse error, expecting value" },
        { "-object", "{,}", "JSON parse error, expecting value" },
        { "-object", "{1:2}", "JSON parse error, key is not a string in object" },
        { "-object", """{"a"}""", "JSON parse error, missing : in object pair" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_wrong_is_refused_in_qemus_words(string option, string json, string message) =>
        Assert.Equal($"{option} {json}: {message}", Assert.Throws<EngineException>(() => QemuCommandLine.Parse(option, json)).Message);

    [Fact]
    public void What_is_right_is_taken()
    {
        QemuCommandLine line = QemuCommandLine.Parse(
            "-object", """{"qom-type":"memory-backend-ram","id":"m","size":1048576,"share":true,"host-nodes":[0],"policy":"preferred"}""",
            "-object", "{'qom-type':'memory-backend-ram','id':'n','size':-1}",
            "-device", """{"driver":"pc-dimm","id":"d","memdev":"m","slot":-1,"addr":4294967296,"node":0}""",
            "-device", """{"driver":"pc-dimm","memdev":"m"}""");
        Assert.Equal((1UL << 20, true), (line.Backends[0].SizeBytes!.Value, line.Backends[0].Share!.Value));
        Assert.Equal(ulong.MaxValue, line.Backends[1].SizeBytes);
        Assert.Equal([new PcDimmOptions { Id = "d", BackendId = "m", Address = 1UL << 32 }, new PcDimmOptions { BackendId = "m" }], line.Dimms);
    }
}
