using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>The types that several commands and events share.</summary>
internal static class QmpTypes
{
    /// <summary>The entry of query-memdev.</summary>
    internal static SchemaObject Memdev { get; } = new(
        new SchemaMember("id", SchemaType.Text, IsOptional: true),
        new SchemaMember("size", SchemaType.Integer),
        new SchemaMember("merge", SchemaType.Flag),
        new SchemaMember("dump", SchemaType.Flag),
        new SchemaMember("prealloc", SchemaType.Flag),
        new SchemaMember("share", SchemaType.Flag),
        new SchemaMember("reserve", SchemaType.Flag, IsOptional: true),
        new SchemaMember("host-nodes", SchemaType.Integer.List),
        new SchemaMember("policy", MemoryBackendProperties.Policy));

    /// <summary>The entry of query-memory-devices.</summary>
    internal static SchemaObject MemoryDevice { get; } = new(new SchemaMember("type", new SchemaEnum("dimm")))
    {
        Tag = "type",
        Variants =
        [
            ("dimm", new SchemaObject(new SchemaMember("data", new SchemaObject(
                new SchemaMember("id", SchemaType.Text, IsOptional: true),
                new SchemaMember("addr", SchemaType.Integer),
                new SchemaMember("size", SchemaType.Integer),
                new SchemaMember("slot", SchemaType.Integer),
                new SchemaMember("node", SchemaType.Integer),
                new SchemaMember("memdev", SchemaType.Text),
                new SchemaMember("hotplugged", SchemaType.Flag),
                new SchemaMember("hotpluggable", SchemaType.Flag))))),
        ],
    };

    /// <summary>What the guest said last about a slot.</summary>
    internal static SchemaObject OstInformation { get; } = new(
        new SchemaMember("device", SchemaType.Text, IsOptional: true),
        new SchemaMember("slot", SchemaType.Text),
        new SchemaMember("slot-type", new SchemaEnum("DIMM")),
        new SchemaMember("source", SchemaType.Integer),
        new SchemaMember("status", SchemaType.Integer));

    /// <summary>The entry of qom-list and of the lists of properties.</summary>
    internal static SchemaObject Property { get; } = new(
        new SchemaMember("name", SchemaType.Text),
        new SchemaMember("type", SchemaType.Text),
        new SchemaMember("description", SchemaType.Text, IsOptional: true),
        new SchemaMember("default-value", SchemaType.Any, IsOptional: true));

    /// <summary>The target's name, of the one target there is.</summary>
    internal static SchemaEnum Target { get; } = new("x86_64");

    /// <summary>The states of query-status.</summary>
    internal static SchemaEnum RunState { get; } = new(RunStates.All);

    /// <summary>Which device an event is about.</summary>
    internal static SchemaObject DeviceName { get; } = new(
        new SchemaMember("device", SchemaType.Text, IsOptional: true),
        new SchemaMember("path", SchemaType.Text));

    /// <summary>Why a machine was reset or ended. The last three are ours, not QEMU's.</summary>
    internal static SchemaObject Cause { get; } = new(
        new SchemaMember("guest", SchemaType.Flag),
        new SchemaMember("reason", new SchemaEnum(
            MachineExit.HostQuit, MachineExit.HostReset, MachineExit.HostSignal, MachineExit.GuestShutdown, MachineExit.GuestReset, MachineExit.GuestPanic, MachineExit.TripleFault, MachineExit.DebugExit, MachineExit.InternalError)));

    /// <summary>What the machine does when its guest panics.</summary>
    internal static SchemaObject PanicAction { get; } = new(new SchemaMember("action", new SchemaEnum("pause", "poweroff", "run")));

    /// <summary>The data of <see cref="MemoryHotplugManager.MemoryLostEvent"/>.</summary>
    internal static SchemaObject MemoryLoss { get; } = new(
        new SchemaMember("id", SchemaType.Text),
        new SchemaMember("qom-path", SchemaType.Text),
        new SchemaMember("device", SchemaType.Text, IsOptional: true),
        new SchemaMember("offset", SchemaType.Integer),
        new SchemaMember("size", SchemaType.Integer),
        new SchemaMember("action", new SchemaEnum(MemoryLossAction.Stop.ToWord(), MemoryLossAction.Report.ToWord())),
        new SchemaMember("reason", SchemaType.Text));
}
