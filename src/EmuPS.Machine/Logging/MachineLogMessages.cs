using EmuPS.Core.Diagnostics;
using EmuPS.Cpu;
using EmuPS.Machine.Pc;
using Microsoft.Extensions.Logging;

namespace EmuPS.Machine.Logging;

/// <summary>Every message of the engine's log. Nothing is formatted before its level is known to be wanted.</summary>
internal static partial class MachineLogMessages
{
    [LoggerMessage(100, LogLevel.Information, "Made: {MemoryMiB} MiB of RAM, {Slots} DIMM slots, at most {MaximumMiB} MiB; boots {Boot}.")]
    public static partial void Made(this ILogger logger, ulong memoryMiB, int slots, ulong maximumMiB, string boot);

    [LoggerMessage(101, LogLevel.Information, "The guest runs.")]
    public static partial void Resumed(this ILogger logger);

    [LoggerMessage(102, LogLevel.Information, "The guest is held.")]
    public static partial void Paused(this ILogger logger);

    [LoggerMessage(103, LogLevel.Information, "Reset: {Reason}.")]
    public static partial void WasReset(this ILogger logger, string reason);

    [LoggerMessage(108, LogLevel.Warning, "The guest panicked; the machine's action is {Action}.")]
    public static partial void Panicked(this ILogger logger, GuestPanicAction action);

    [LoggerMessage(104, LogLevel.Information, "The power button was pressed.")]
    public static partial void PowerButtonPressed(this ILogger logger);

    [LoggerMessage(105, LogLevel.Information, "Ended: {Reason}, exit code {ExitCode}.")]
    public static partial void Ended(this ILogger logger, string reason, int exitCode);

    [LoggerMessage(106, LogLevel.Error, "Failed. {Report}")]
    public static partial void Failed(this ILogger logger, string report);

    [LoggerMessage(107, LogLevel.Warning, "{Text}")]
    public static partial void Warned(this ILogger logger, string text);

    [LoggerMessage(200, LogLevel.Information, "Backend '{Id}' made: {Type}, {Bytes} bytes.")]
    public static partial void BackendMade(this ILogger logger, string id, string type, ulong bytes);

    [LoggerMessage(201, LogLevel.Information, "Backend '{Id}' deleted.")]
    public static partial void BackendDeleted(this ILogger logger, string id);

    [LoggerMessage(202, LogLevel.Information, "DIMM '{Dimm}' plugged: slot {Slot}, 0x{Address:x}, {Bytes} bytes, node {Node}, backend '{Backend}'; guest told: {Announced}.")]
    public static partial void Plugged(this ILogger logger, string dimm, int slot, ulong address, ulong bytes, uint node, string backend, bool announced);

    [LoggerMessage(203, LogLevel.Error, "Not plugged: {Message} ({ErrorId})")]
    public static partial void NotPlugged(this ILogger logger, string message, string errorId);

    [LoggerMessage(204, LogLevel.Information, "DIMM '{Dimm}' in slot {Slot}: the guest is asked to let go.")]
    public static partial void RemovalRequested(this ILogger logger, string dimm, int slot);

    [LoggerMessage(205, LogLevel.Debug, "Slot {Slot}: the guest took note of the insertion.")]
    public static partial void InsertionNoticed(this ILogger logger, int slot);

    [LoggerMessage(206, LogLevel.Debug, "Slot {Slot}: the guest took note of the removal request.")]
    public static partial void RemovalNoticed(this ILogger logger, int slot);

    [LoggerMessage(207, LogLevel.Information, "Slot {Slot} ('{Dimm}'): _OST source 0x{Source:x}, status 0x{Status:x}.")]
    public static partial void Ost(this ILogger logger, int slot, string dimm, uint source, uint status);

    [LoggerMessage(208, LogLevel.Information, "DIMM '{Dimm}' ejected from slot {Slot}.")]
    public static partial void Ejected(this ILogger logger, string dimm, int slot);

    [LoggerMessage(209, LogLevel.Error, "DIMM '{Dimm}' could not be ejected from slot {Slot}: {Message}")]
    public static partial void NotEjected(this ILogger logger, string dimm, int slot, string message);

    [LoggerMessage(210, LogLevel.Debug, "GPE {Gpe} raised.")]
    public static partial void GpeRaised(this ILogger logger, int gpe);

    [LoggerMessage(211, LogLevel.Trace, "Register 0x{Offset:x2} read, {Size} bytes: 0x{Value:x}.")]
    public static partial void RegisterRead(this ILogger logger, ulong offset, int size, ulong value);

    [LoggerMessage(212, LogLevel.Trace, "Register 0x{Offset:x2} written, {Size} bytes: 0x{Value:x}.")]
    public static partial void RegisterWritten(this ILogger logger, ulong offset, int size, ulong value);

    [LoggerMessage(300, LogLevel.Debug, "{Command} {Arguments}")]
    public static partial void MonitorCommand(this ILogger logger, string command, string arguments);

    [LoggerMessage(301, LogLevel.Debug, "{Command} failed: {Message} ({QmpClass})")]
    public static partial void MonitorCommandFailed(this ILogger logger, string command, string message, string qmpClass);

    [LoggerMessage(302, LogLevel.Information, "A QMP client connected to {Where}; {Clients} are connected.")]
    public static partial void ClientConnected(this ILogger logger, string where, int clients);

    [LoggerMessage(303, LogLevel.Information, "A QMP client of {Where} is gone; {Clients} are connected.")]
    public static partial void ClientGone(this ILogger logger, string where, int clients);

    [LoggerMessage(304, LogLevel.Information, "A QMP client was turned away from {Where}: {Clients} are connected.")]
    public static partial void ClientTurnedAway(this ILogger logger, string where, int clients);

    [LoggerMessage(400, LogLevel.Trace, "The processor stopped: {Stop}, after {Retired} instructions.")]
    public static partial void Stopped(this ILogger logger, ProcessorStop stop, ulong retired);

    [LoggerMessage(401, LogLevel.Warning, "Triple fault; the machine does: {Action}.\n{Registers}")]
    public static partial void TripleFault(this ILogger logger, GuestResetAction action, string registers);

    [LoggerMessage(402, LogLevel.Warning, "The guest does what is not modelled: {Kind} 0x{Detail:x}. It is said once.")]
    public static partial void Anomaly(this ILogger logger, GuestAnomaly kind, ulong detail);

    [LoggerMessage(500, LogLevel.Information, "The guest's agent answers.")]
    public static partial void AgentReady(this ILogger logger);

    [LoggerMessage(501, LogLevel.Debug, "The agent is asked to run: {Command}")]
    public static partial void AgentCommand(this ILogger logger, string command);
}
