using System;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Writes a non-terminating error.</summary>
[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
public sealed class WriteErrorCommand : PSCmdlet
{
    /// <summary>An exception to report.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "WithException")]
    public Exception? Exception { get; set; }

    /// <summary>What happened.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    [Alias("Msg")]
    [AllowNull]
    [AllowEmptyString]
    public string? Message { get; set; }

    /// <summary>A ready record.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ErrorRecord")]
    public ErrorRecord? ErrorRecord { get; set; }

    /// <summary>The kind of error.</summary>
    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public ErrorCategory Category { get; set; }

    /// <summary>The identifier that scripts test for.</summary>
    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public string ErrorId { get; set; } = "";

    /// <summary>The object that was worked on.</summary>
    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public object? TargetObject { get; set; }

    /// <summary>What to do about it.</summary>
    [Parameter]
    public string RecommendedAction { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ErrorRecord record = ErrorRecord is { } given ? new ErrorRecord(given, null) : Compose();
        if (RecommendedAction.Length > 0)
            record.ErrorDetails = new ErrorDetails(record.ToString()) { RecommendedAction = RecommendedAction };
        if (GetVariableValue("MyInvocation") is InvocationInfo caller)
            EngineInternals.Attribute(record, caller);
        record.CategoryInfo.Activity = "Write-Error";
        WriteError(record);
    }

    private ErrorRecord Compose()
    {
        Exception exception = Exception ?? new WriteErrorException(Message ?? "");
        string id = ErrorId.Length > 0 ? ErrorId : exception.GetType().FullName!;
        ErrorRecord record = new(exception, id, Category, TargetObject);
        if (Exception is not null && !string.IsNullOrEmpty(Message))
            record.ErrorDetails = new ErrorDetails(Message);
        return record;
    }
}
