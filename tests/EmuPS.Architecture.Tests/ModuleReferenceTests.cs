using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>The arrows once more, in the assemblies as they ship: what the compiler really wrote down.</summary>
public sealed class ModuleReferenceTests
{
    private static readonly string _bin = Path.Combine(Repository.Root, "Module", "bin");

    [ModuleFact]
    public void The_front_sees_PowerShell_and_the_engine_but_no_library_of_the_engine()
    {
        HashSet<string> references = References("EmuPS.dll");
        Assert.Contains("System.Management.Automation", references);
        Assert.Contains("EmuPS.Machine", references);
        Assert.Empty(Ours(references).Except(["EmuPS.Core", "EmuPS.Machine"]));
        Assert.Empty(Foreign(references).Except(["System.Management.Automation"]));
    }

    [ModuleFact]
    public void The_engine_does_not_see_PowerShell_nor_the_front()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_bin, "deps"), "*.dll"))
        {
            HashSet<string> references = References(file);
            Assert.DoesNotContain("System.Management.Automation", references);
            Assert.DoesNotContain("EmuPS", references);
        }

        Assert.False(File.Exists(Path.Combine(_bin, "deps", "System.Management.Automation.dll")));
    }

    [ModuleFact]
    public void Inside_the_engine_everything_points_down()
    {
        Assert.Empty(Ours(References("deps/EmuPS.Core.dll")));
        Assert.Equal(["EmuPS.Core"], Ours(References("deps/EmuPS.Cpu.dll")));
        Assert.Equal(["EmuPS.Core"], Ours(References("deps/EmuPS.Devices.dll")));
        Assert.Equal(["EmuPS.Core", "EmuPS.Cpu", "EmuPS.Devices"], Ours(References("deps/EmuPS.Machine.dll")).Order());
    }

    [ModuleFact]
    public void Only_the_processor_sees_Iced_and_only_the_machine_logs_and_unpacks()
    {
        Assert.Empty(Foreign(References("deps/EmuPS.Core.dll")));
        Assert.Equal(["Iced"], Foreign(References("deps/EmuPS.Cpu.dll")));
        Assert.Empty(Foreign(References("deps/EmuPS.Devices.dll")));
        Assert.DoesNotContain("Iced", References("deps/EmuPS.Machine.dll"));
    }

    private static IEnumerable<string> Ours(IEnumerable<string> references) =>
        references.Where(name => name.StartsWith("EmuPS", StringComparison.Ordinal));

    // The framework's assemblies are those beside System.Private.CoreLib.
    private static IEnumerable<string> Foreign(IEnumerable<string> references)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return references.Where(name => !name.StartsWith("EmuPS", StringComparison.Ordinal) && !File.Exists(Path.Combine(framework, name + ".dll")));
    }

    private static HashSet<string> References(string file)
    {
        using PEReader assembly = new(File.OpenRead(Path.Combine(_bin, file)));
        MetadataReader metadata = assembly.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
