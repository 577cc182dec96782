using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A guest that says that it panicked: events, states and ends as QEMU 7.2's with <c>-device pvpanic -action panic=</c>.</summary>
public sealed class GuestPanicTests : IDisposable
{
    private readonly string _kernel = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kernel);

    [Theory]
    [InlineData(GuestPanicAction.Shutdown, 1, 0)]
    [InlineData(GuestPanicAction.Shutdown, 3, 0)]
    [InlineData(GuestPanicAction.ExitFailure, 1, 1)]
    public async Task A_panic_ends_the_machine(GuestPanicAction action, byte said, int exitCode)
    {
        using TestMachine test = Machine(said, action);
        test.Machine.Start();
        await test.EndsAsync();

        Assert.Equal(new MachineExit(MachineExit.GuestPanic, true, exitCode), test.Machine.Exit);
        Assert.Equal(
            ["RESUME {}", "GUEST_PANICKED {\"action\": \"poweroff\"}", "SHUTDOWN {\"guest\": true, \"reason\": \"guest-panic\"}"],
            Told(test));
    }

    [Fact]
    public async Task A_panic_holds_the_machine_until_it_is_resumed_or_reset()
    {
        using TestMachine test = Machine(1, GuestPanicAction.Pause);
        IMachineControl control = test.Machine;
        HmpAndStatus(test, "prelaunch", "paused (prelaunch)");
        test.Machine.Start();
        await test.Machine.Events.WaitAsync(e => e.Name == "STOP", 0, TestMachine.Limit);

        HmpAndStatus(test, "guest-panicked", "paused (guest-panicked)");
        Assert.Equal(["RESUME {}", "GUEST_PANICKED {\"action\": \"pause\"}", "STOP {}"], Told(test));
        Assert.Equal(MachineState.Paused, test.Machine.State);
        control.Resume();
        HmpAndStatus(test, "running", "running");
        control.Pause();
        HmpAndStatus(test, "paused", "paused");

        // A reset makes a held machine one that has not started, as in QEMU; the kernel then panics again.
        control.Reset("host-qmp-system-reset");
        HmpAndStatus(test, "prelaunch", "paused (prelaunch)");
        long before = test.Machine.Events.LastSequence;
        control.Resume();
        await test.Machine.Events.WaitAsync(e => e.Name == "STOP", before, TestMachine.Limit);
        HmpAndStatus(test, "guest-panicked", "paused (guest-panicked)");
    }

    [Theory]
    [InlineData(1, GuestPanicAction.None, "GUEST_PANICKED")]
    [InlineData(2, GuestPanicAction.Shutdown, "GUEST_CRASHLOADED")]
    public async Task What_needs_no_action_is_an_event(byte said, GuestPanicAction action, string name)
    {
        using TestMachine test = Machine(said, action);
        test.Machine.Start();
        MachineEvent happened = await test.Machine.Events.WaitAsync(e => e.Name.StartsWith("GUEST_", StringComparison.Ordinal), 0, TestMachine.Limit);

        Assert.Equal((name, "run"), (happened.Name, happened.Data["action"]));
        Assert.Equal(MachineState.Running, test.Machine.State);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task What_means_nothing_or_reaches_nobody_changes_nothing(bool hasDevice, byte said)
    {
        using TestMachine test = Machine(said, GuestPanicAction.Shutdown, hasDevice);
        test.Machine.Start();
        while (!test.Machine.IsHalted)
            await Task.Yield();

        Assert.Equal(["RESUME {}"], Told(test));
    }

    [Fact]
    public void The_device_is_in_the_tree_and_cannot_be_unplugged_or_have_a_namesake()
    {
        using TestMachine test = new(change: options => options with { Panic = new PanicDevice { Id = "pv", Events = 1 } });
        QmpDispatcher dispatcher = new(test.Machine);
        object? Ask(string command, params (string, object?)[] arguments) => dispatcher.Execute(command, arguments.ToDictionary(a => a.Item1, a => a.Item2));

        Assert.Equal(1285L, Ask("qom-get", ("path", "/machine/peripheral/pv"), ("property", "ioport")));
        Assert.Equal(1L, Ask("qom-get", ("path", "pv"), ("property", "events")));
        Assert.Contains("          dev: pvpanic, id \"pv\"\n            ioport = 1285 (0x505)\n            events = 1 (0x1)\n", new EmuPS.Machine.Hmp.HmpMonitor(test.Machine).Execute("info qtree"));
        Assert.Equal("Bus 'isa.0' does not support hotplugging", Assert.Throws<EngineException>(() => Ask("device_del", ("id", "pv"))).Message);
        Assert.Equal("Bus 'isa.0' does not support hotplugging", Assert.Throws<EngineException>(() => Ask("device_add", ("driver", "pvpanic"))).Message);
        Ask("object-add", ("qom-type", "memory-backend-ram"), ("id", "pv"), ("size", 128L << 20));
        Assert.Equal("Duplicate device ID 'pv'", Assert.Throws<EngineException>(() => Ask("device_add", ("driver", "pc-dimm"), ("id", "pv"), ("memdev", "pv"))).Message);
        Assert.Equal("Attempt to set property 'events' on device 'pv' (type 'pvpanic') after it was realized", Assert.Throws<EngineException>(() => Ask("qom-set", ("path", "/machine/peripheral/pv"), ("property", "events"), ("value", 3L))).Message);
    }

    private static void HmpAndStatus(TestMachine test, string status, string shown)
    {
        Assert.Equal(status, ((IReadOnlyDictionary<string, object?>)new QmpDispatcher(test.Machine).Execute("query-status")!)["status"]);
        Assert.Equal($"VM status: {shown}\n", new EmuPS.Machine.Hmp.HmpMonitor(test.Machine).Execute("info status"));
    }

    private static IEnumerable<string> Told(TestMachine test) => test.Machine.Events.Since(0).Select(e => $"{e.Name} {QmpJson.Write(e.Data)}");

    private TestMachine Machine(byte said, GuestPanicAction action, bool hasDevice = true)
    {
        File.WriteAllBytes(_kernel, GuestCode.WritePort(said, 0x505));
        return new TestMachine("16M", options => options with
        {
            Boot = new BootOptions { KernelPath = _kernel },
            Panic = hasDevice ? new PanicDevice() : null,
            OnGuestPanic = action,
        });
    }
}
