using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

public sealed class QmpServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-qmp-").FullName;
    private readonly FakeMachineControl _machine = new();
    private readonly QmpServer _server;

    public QmpServerTests() => _server = QmpServer.ListenUnix(_machine, SocketPath);

    private string SocketPath => Path.Combine(_folder, "qmp");

    public void Dispose()
    {
        _server.Dispose();
        _machine.Dispose();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task The_greeting_comes_first_and_commands_wait_for_the_negotiation()
    {
        using QmpClient client = new(SocketPath);
        string greeting = (await client.ReceiveAsync())!;
        Assert.Matches("^{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, \"package\": \"EmuPS [^\"]+\"}, \"capabilities\": \\[\"oob\"\\]}}$", greeting);
        Assert.Equal("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Expecting capabilities negotiation with 'qmp_capabilities'\"}}", await client.AskAsync("{'execute':'query-status'}"));
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'qmp_capabilities','arguments':{'enable':['oob']}}"));
        Assert.Equal("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Capabilities negotiation is already complete, command ignored\"}}", await client.AskAsync("{'execute':'qmp_capabilities'}"));
        Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"The command query-status does not support OOB\"}, \"id\": 1}", await client.AskAsync("{'exec-oob':'query-status','id':1}"));
    }

    [Theory]
    [InlineData("[]", "QMP input must be a JSON object")]
    [InlineData("12 ", "QMP input must be a JSON object")]
    [InlineData("{}", "QMP input lacks member 'execute'")]
    [InlineData("{'execute':'stop','x':1}", "QMP input member 'x' is unexpected")]
    [InlineData("{'exec-oob':'stop'}", "QMP input member 'exec-oob' is unexpected")]
    [InlineData("{'execute':1}", "QMP input member 'execute' must be a string")]
    [InlineData("{'execute':'stop','arguments':[]}", "QMP input member 'arguments' must be an object")]
    [InlineData("{'execute':'stop','arguments':{'x':1}}", "Parameter 'x' is unexpected")]
    [InlineData("{'execute':'device_del','arguments':{'id':5}}", "Invalid parameter type for 'id', expected: string")]
    [InlineData("}", "JSON parse error, expecting value")]
    [InlineData("{'execute': query-status }", "JSON parse error, stray '-s'")]
    [InlineData("{'execute':'object-add','arguments':{'qom-type':'memory-backend-ram','id':'a','size':1,'share':'on'}}", "Invalid parameter type for 'share', expected: boolean")]
    [InlineData("{'execute':'object-add','arguments':{'qom-type':'memory-backend-ram','id':'a','size':1,'policy':'x'}}", "Parameter 'policy' does not accept value 'x'")]
    [InlineData("{'execute':'object-add','arguments':{'qom-type':'memory-backend-ram','id':'a','size':1,'host-nodes':3}}", "Invalid parameter type for 'host-nodes', expected: array")]
    public async Task Bad_input_is_refused_and_the_session_goes_on(string input, string message)
    {
        using QmpClient client = await QmpClient.OpenAsync(SocketPath);
        Assert.Equal($"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"{message}\"}}}}", await client.AskAsync(input));
        string reply;
        // One piece of bad input may give several errors.
        do
        {
            reply = await client.AskAsync("\n{'execute':'query-target','id':'end'}");
        }
        while (!reply.Contains("x86_64", StringComparison.Ordinal) && !reply.Contains("end", StringComparison.Ordinal));

        Assert.Equal("{\"return\": {\"arch\": \"x86_64\"}, \"id\": \"end\"}", reply);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("\"a\"")]
    [InlineData("[1, {\"b\": true}]")]
    [InlineData("{\"c\": 1.5}")]
    public async Task The_id_comes_back_as_it_was(string id)
    {
        using QmpClient client = await QmpClient.OpenAsync(SocketPath);
        Assert.Equal($"{{\"return\": {{}}, \"id\": {id}}}", await client.AskAsync($"{{'execute':'stop','id':{id}}}"));
        Assert.Equal($"{{\"error\": {{\"class\": \"CommandNotFound\", \"desc\": \"The command frob has not been found\"}}, \"id\": {id}}}", await client.AskAsync($"{{'execute':'frob','id':{id}}}"));
    }

    [Fact]
    public async Task Two_commands_in_one_packet_get_two_replies()
    {
        using QmpClient client = await QmpClient.OpenAsync(SocketPath);
        await client.SendAsync("{'execute':'query-kvm','id':1}{'execute':'query-kvm','id':2}");
        Assert.EndsWith("\"id\": 1}", await client.ReceiveReplyAsync());
        Assert.EndsWith("\"id\": 2}", await client.ReceiveReplyAsync());
    }

    [Fact]
    public async Task Every_client_gets_the_events_and_those_of_a_command_come_before_its_reply()
    {
        using QmpClient first = await QmpClient.OpenAsync(SocketPath);
        using QmpClient second = await QmpClient.OpenAsync(SocketPath);
        Assert.Equal(2, _server.ClientCount);
        await first.AskAsync("{'execute':'cont'}");
        Assert.Equal("RESUME", first.Events.Single()["event"]);
        await second.ReceiveEventAsync("RESUME");
        await first.AskAsync("{'execute':'system_reset'}");
        Assert.Equal("RESET", first.Events[^1]["event"]);
        await second.ReceiveEventAsync("RESET");
        Assert.Equal("{\"guest\": false, \"reason\": \"host-qmp-system-reset\"}", QmpJson.Write(second.Events[^1]["data"]));
        Assert.False(first.Events[0].ContainsKey("data"));
        Assert.Contains("\"seconds\"", QmpJson.Write(first.Events[0]["timestamp"]));
    }

    [Fact]
    public async Task Quit_is_answered_before_the_server_hangs_up()
    {
        using QmpClient client = await QmpClient.OpenAsync(SocketPath);
        using QmpClient other = await QmpClient.OpenAsync(SocketPath);
        Assert.Equal("{\"return\": {}}", await client.AskAsync("{'execute':'quit'}"));
        Assert.Equal("SHUTDOWN", client.Events.Single()["event"]);
        Assert.Null(await client.ReceiveAsync());
        await other.ReceiveEventAsync("SHUTDOWN");
        Assert.Null(await other.ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_hangs_up_in_the_middle_harms_nobody()
    {
        using QmpClient stays = await QmpClient.OpenAsync(SocketPath);
        using (QmpClient goes = await QmpClient.OpenAsync(SocketPath))
        {
            await goes.SendAsync("{'execute':'query-st");
        }

        byte[] noise = new byte[100_000];
        new Random(3).NextBytes(noise);
        using (QmpClient hostile = new(SocketPath))
        {
            await hostile.SendAsync(noise);
        }

        Assert.Contains("x86_64", await stays.AskAsync("{'execute':'query-target'}"));
    }

    [Fact]
    public void The_socket_is_the_users_alone_and_goes_with_the_server()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
        }

        Assert.Equal(ErrorIds.QmpSocketUnavailable, Assert.Throws<EngineException>(() => QmpServer.ListenUnix(_machine, SocketPath)).ErrorId);
        _server.Dispose();
        Assert.False(File.Exists(SocketPath));
        Assert.False(_server.IsListening);
    }

    [Fact]
    public void A_socket_without_a_listener_is_replaced_and_another_file_is_not()
    {
        string stale = Path.Combine(_folder, "stale");
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(stale));
        }

        using (QmpServer server = QmpServer.ListenUnix(_machine, stale))
        {
            Assert.True(server.IsListening);
        }

        string precious = Path.Combine(_folder, "precious");
        File.WriteAllText(precious, "text");
        Assert.Throws<EngineException>(() => QmpServer.ListenUnix(_machine, precious));
        Assert.Equal("text", File.ReadAllText(precious));
    }

    [Fact]
    public async Task Tcp_listens_on_this_host_only_unless_permitted()
    {
        using QmpServer server = QmpServer.ListenTcp(_machine, 0);
        using TcpClient client = new();
        await client.ConnectAsync(server.EndPoint!);
        using StreamReader reader = new(client.GetStream());
        Assert.StartsWith("{\"QMP\":", await reader.ReadLineAsync());
        Assert.True(IPAddress.IsLoopback(server.EndPoint!.Address));
        Assert.Equal(EngineErrorCategory.InvalidArgument, Assert.Throws<EngineException>(() => QmpServer.ListenTcp(_machine, 0, IPAddress.Any)).Category);
        Assert.Equal(ErrorIds.QmpSocketUnavailable, Assert.Throws<EngineException>(() => QmpServer.ListenTcp(_machine, server.EndPoint.Port)).ErrorId);
    }

    [Fact]
    public void Objects_can_be_listed_read_and_changed()
    {
        QmpDispatcher dispatcher = new(_machine);
        string Ask(string command, params (string, object?)[] arguments)
        {
            try
            {
                return QmpJson.Write(dispatcher.Execute(command, arguments.ToDictionary(a => a.Item1, a => a.Item2)));
            }
            catch (EngineException e)
            {
                return $"{e.QmpClass}: {e.Message}";
            }
        }

        _machine.Rig.Backend("m", 128 << 20);
        _machine.Rig.Manager.AddDimm(new PcDimmOptions { Id = "d", BackendId = "m" });
        Assert.Equal("4294967296", Ask("qom-get", ("path", "/machine/peripheral/d"), ("property", "addr")));
        Assert.Equal("\"/objects/m\"", Ask("qom-get", ("path", "d"), ("property", "memdev")));
        Assert.Equal("{\"size\": 1073741824, \"slots\": 3, \"max-size\": 4294967296}", Ask("qom-get", ("path", "/machine"), ("property", "memory")));
        Assert.Equal("6442450944", Ask("qom-get", ("path", "/machine"), ("property", "device-memory-region-size")));
        Assert.Contains("{\"name\": \"d\", \"type\": \"child<pc-dimm>\"}", Ask("qom-list", ("path", "/machine/peripheral")));
        Assert.Equal("DeviceNotFound: Device '/nowhere' not found", Ask("qom-list", ("path", "/nowhere")));
        Assert.Equal("GenericError: Property 'pc-dimm.x' not found", Ask("qom-get", ("path", "d"), ("property", "x")));
        Assert.Equal("GenericError: Attempt to set property 'slot' on device 'd' (type 'pc-dimm') after it was realized", Ask("qom-set", ("path", "d"), ("property", "slot"), ("value", 1L)));
        Assert.Equal("GenericError: Property 'pc-dimm.size' is not writable", Ask("qom-set", ("path", "d"), ("property", "size"), ("value", 1L)));
        Assert.Equal("GenericError: cannot change property size of memory-backend-ram ", Ask("qom-set", ("path", "/objects/m"), ("property", "size"), ("value", 1L)));
        Assert.Equal("GenericError: cannot change property value", Ask("qom-set", ("path", "/objects/m"), ("property", "share"), ("value", true)));
        Assert.Equal("{}", Ask("qom-set", ("path", "/objects/m"), ("property", "merge"), ("value", false)));
        Assert.Equal("false", Ask("qom-get", ("path", "/objects/m"), ("property", "merge")));
        Assert.Equal("GenericError: Parameter 'value' is missing", Ask("qom-set", ("path", "d"), ("property", "slot")));
        Assert.Contains("\"memory-backend-memfd\"", Ask("qom-list-types", ("implements", "memory-backend")));
        Assert.DoesNotContain("pc-dimm", Ask("qom-list-types", ("implements", "memory-backend")));
        Assert.Contains("{\"name\": \"slot\", \"type\": \"int32\", \"default-value\": -1}", Ask("device-list-properties", ("typename", "pc-dimm")));
        Assert.Equal("DeviceNotFound: Device 'x' not found", Ask("device-list-properties", ("typename", "x")));
        Assert.Contains("\"mem-path\"", Ask("qom-list-properties", ("typename", "memory-backend-file")));
        Assert.Equal("{\"name\": \"web1\"}", Ask("query-name"));
        Assert.Equal("{\"UUID\": \"12345678-1234-5678-9abc-123456789abc\"}", Ask("query-uuid"));
        Assert.Equal("{\"status\": \"prelaunch\", \"singlestep\": false, \"running\": false}", Ask("query-status"));
        foreach (string command in dispatcher.CommandNames)
        {
            Assert.Contains($"{{\"name\": \"{command}\"}}", Ask("query-commands"));
        }
    }

    [Fact]
    public void Every_query_succeeds_on_a_machine_without_hotplug()
    {
        using FakeMachineControl machine = new("1G");
        QmpDispatcher dispatcher = new(machine);
        foreach (string query in dispatcher.CommandNames.Where(name => name.StartsWith("query-", StringComparison.Ordinal)))
        {
            Assert.NotNull(dispatcher.Execute(query));
        }
    }
}
