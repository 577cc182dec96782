using System;
using System.IO;
using System.Management.Automation;

namespace EmuPS;

/// <summary>What happens when PowerShell imports the module.</summary>
/// <remarks>
/// PowerShell makes a new instance for every import, once per runspace, and <c>Remove-Module</c> in one runspace says nothing
/// about the others. So the engine's load context belongs to the process: made at the first import, never taken away.
/// </remarks>
public sealed class ModuleLifetime : IModuleAssemblyInitializer
{
    private static readonly Lazy<EngineLoadContext> Engine = new(() => EngineLoadContext.Register(EngineDirectory()));

    /// <summary>Makes the engine's assemblies findable before the first cmdlet touches them.</summary>
    public void OnImport() => _ = Engine.Value;

    private static string EngineDirectory() =>
        Path.Combine(Path.GetDirectoryName(typeof(ModuleLifetime).Assembly.Location)!, "deps");
}
