using System;
using System.IO;
using System.Management.Automation;
using EmuPS.Machine;
using EmuPS.Machine.Guests;

namespace EmuPS.Errors;

/// <summary>Makes the error records of the cmdlets.</summary>
internal static class EmuError
{
    /// <summary>Makes a record for an error of the front's own.</summary>
    public static ErrorRecord Create(string errorId, ErrorCategory category, object? target, string message, string? remedy = null) =>
        Record(new EmuException(errorId, message, remedy, category: category), target);

    /// <summary>Makes a record for whatever came out of the engine.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="target">What the user acted on, where the error does not name it.</param>
    public static ErrorRecord FromEngine(Exception error, object? target)
    {
        switch (error)
        {
            case EmuException own:
                return Record(own, target);
            case EngineException engine:
                return Record(new EmuException(engine.ErrorId, engine.Message, engine.Remedy ?? Remedy(engine.ErrorId), engine, Category(engine.Category)), target ?? engine.Target);
            case GuestImageException image:
                ErrorCategory category = image.ErrorId.EndsWith("NotFound", StringComparison.Ordinal) ? ErrorCategory.ObjectNotFound
                    : image.ErrorId.StartsWith("Invalid", StringComparison.Ordinal) ? ErrorCategory.InvalidArgument
                    : ErrorCategory.OpenError;
                return Record(new EmuException(image.ErrorId, image.Message, image.Remedy, image, category), target);
            case GuestAgentException agent:
                return Record(new EmuException(agent.ErrorId, agent.Message, null, agent, ErrorCategory.ResourceUnavailable), target);
            case TimeoutException:
                return Record(
                    new EmuException(
                        ErrorIds.GuestCommandTimeout, error.Message, "Get-EmuConsole shows how far the guest is; Wait-EmuVM -For GuestReady waits for it.", error, ErrorCategory.OperationTimeout),
                    target);
            case IOException or UnauthorizedAccessException:
                return Record(new EmuException(ErrorIds.FileUnavailable, error.Message, null, error, ErrorCategory.OpenError), target);
            case ArgumentException or FormatException:
                return Record(new EmuException(ErrorIds.InvalidArgument, error.Message, null, error, ErrorCategory.InvalidArgument), target);
            default:
                // An error that nobody foresaw is ours; the type and the stack are what a report needs.
                return Record(
                    new EmuException(
                        ErrorIds.EngineFault, $"EmuPS failed: {error.GetType().Name}: {error.Message}",
                        "Please report it, with what Get-Error says.", error, ErrorCategory.DeviceError),
                    target);
        }
    }

    /// <summary>PowerShell's word for a kind of engine error.</summary>
    public static ErrorCategory Category(EngineErrorCategory category) => category switch
    {
        EngineErrorCategory.InvalidArgument => ErrorCategory.InvalidArgument,
        EngineErrorCategory.ObjectNotFound => ErrorCategory.ObjectNotFound,
        EngineErrorCategory.ResourceExists => ErrorCategory.ResourceExists,
        EngineErrorCategory.ResourceBusy => ErrorCategory.ResourceBusy,
        EngineErrorCategory.LimitsExceeded => ErrorCategory.LimitsExceeded,
        EngineErrorCategory.OperationTimeout => ErrorCategory.OperationTimeout,
        EngineErrorCategory.OpenError => ErrorCategory.OpenError,
        EngineErrorCategory.ProtocolError => ErrorCategory.ProtocolError,
        EngineErrorCategory.DeviceError => ErrorCategory.DeviceError,
        EngineErrorCategory.NotImplemented => ErrorCategory.NotImplemented,
        _ => ErrorCategory.InvalidOperation,
    };

    // For what the engine says in QEMU's words alone.
    private static string? Remedy(string errorId) => errorId switch
    {
        ErrorIds.DimmNotFound => "Get-EmuDimm lists what is there.",
        ErrorIds.BackendNotFound => "Get-EmuMemoryBackend lists what is there.",
        Machine.ErrorIds.DimmSlotOutOfRange => "Get-EmuDimmSlot -Free lists the slots that are free.",
        Machine.ErrorIds.DimmAddressNotAligned => "Leave out -Address to take the first address that fits.",
        Machine.ErrorIds.NumaNodeNotFound => "Start-EmuVM -NumaNode gives a VM its nodes; without it there is node 0 alone.",
        _ => null,
    };

    private static ErrorRecord Record(EmuException error, object? target)
    {
        var record = new ErrorRecord(error, error.ErrorId, error.Category, target);
        if (error.Remedy is { } remedy)
            record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = remedy };
        return record;
    }
}
