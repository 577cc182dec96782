using System;
using System.Collections.Frozen;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace EmuPS;

/// <summary>
/// The load context that holds the engine and everything it brings along, so that another module's version of the
/// decoder or of the logging package can never meet ours.
/// </summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    // The default context is asked for these names only: nobody else uses them, so nothing else can be answered wrongly.
    private static readonly FrozenSet<string> OurNames = new[]
    {
        "EmuPS.Core", "EmuPS.Cpu", "EmuPS.Devices", "EmuPS.Machine",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly string _directory;

    // The same assemblies, compiled ahead of time for one kind of host; another kind would refuse them.
    private readonly string? _precompiled;

    private EngineLoadContext(string directory)
        : base("EmuPS.Engine", isCollectible: false)
    {
        _directory = directory;
        _precompiled = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Path.Combine(directory, "linux-x64") : null;
    }

    /// <summary>Creates the context over <paramref name="directory"/> and answers the default context's questions for the engine.</summary>
    /// <param name="directory">The folder with the engine's assemblies and their dependencies.</param>
    /// <returns>The registered context; it lives as long as the process.</returns>
    public static EngineLoadContext Register(string directory)
    {
        EngineLoadContext engine = new(directory);
        Default.Resolving += engine.ResolveForDefault;
        return engine;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The runtime asks in the middle of whatever needs an assembly first, which may be code that is about to read why the host refused a call.
        int error = Marshal.GetLastPInvokeError();
        try
        {
            return Find(assemblyName.Name + ".dll");
        }
        finally
        {
            Marshal.SetLastPInvokeError(error);
        }
    }

    private Assembly? Find(string file)
    {
        if (_precompiled is not null && Path.Combine(_precompiled, file) is { } precompiled && File.Exists(precompiled))
        {
            return LoadFromAssemblyPath(precompiled);
        }

        string path = Path.Combine(_directory, file);
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private Assembly? ResolveForDefault(AssemblyLoadContext asking, AssemblyName assemblyName) =>
        assemblyName.Name is { } name && OurNames.Contains(name) ? LoadFromAssemblyName(assemblyName) : null;
}
