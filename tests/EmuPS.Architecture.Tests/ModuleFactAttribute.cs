using System;
using System.IO;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>A test of Module/bin; where the module is not built it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ModuleFactAttribute : FactAttribute
{
    /// <summary>Looks for the front.</summary>
    public ModuleFactAttribute()
    {
        if (!File.Exists(Path.Combine(Repository.Root, "Module", "bin", "EmuPS.dll")))
            Skip = "Module/bin is not built: build src/EmuPS first.";
    }
}
