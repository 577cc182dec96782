using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>What commands over existing items share: paths with wildcards or literal ones, and errors per path.</summary>
public abstract class PathCommand : PSCmdlet
{
    /// <summary>The name of the set whose paths are taken as they are.</summary>
    private protected const string LiteralSet = "LiteralPath";

    /// <summary>The name of the set whose paths may hold wildcards.</summary>
    private protected const string PathSet = "Path";

    /// <summary>The paths; wildcards are expanded.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public virtual string[] Path { get; set; } = [];

    /// <summary>The paths, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public virtual string[] LiteralPath { get; set; } = [];

    /// <summary>Whether paths are literal.</summary>
    private protected bool IsLiteral => ParameterSetName == LiteralSet;

    /// <summary>The paths of whichever set was used.</summary>
    private protected string[] Given => IsLiteral ? LiteralPath : Path;

    /// <summary>Runs an action per given path and turns what it throws into a non-terminating error.</summary>
    /// <param name="action">The action.</param>
    private protected void ForEachPath(Action<string> action)
    {
        foreach (string path in Given)
            Try(path, () => action(path));
    }

    /// <summary>Runs an action and turns what it throws into a non-terminating error.</summary>
    /// <param name="target">What the error is about.</param>
    /// <param name="action">The action.</param>
    private protected void Try(object? target, Action action)
    {
        try
        {
            action();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
        catch (Exception error) when (error is System.IO.IOException or UnauthorizedAccessException or NotSupportedException)
        {
            WriteError(new ErrorRecord(error, error.GetType().Name, ErrorCategory.WriteError, target));
        }
    }

    /// <summary>The items' full provider paths.</summary>
    /// <param name="path">A given path.</param>
    /// <param name="provider">The provider that owns them.</param>
    /// <returns>The paths; a literal one need not exist.</returns>
    private protected IReadOnlyList<string> Resolve(string path, out ProviderInfo provider)
    {
        if (!IsLiteral)
            return SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
        return [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)];
    }

    /// <summary>Whether a provider is the file system's.</summary>
    /// <param name="provider">The provider.</param>
    /// <returns>True for files.</returns>
    private protected static bool IsFileSystem(ProviderInfo provider) => provider.Name == "FileSystem";
}
