using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>Core below Cpu and Devices, those below Machine, Machine below the front; and each foreign library behind one of them.</summary>
public sealed class ArrowTests
{
    // The shell references the front only to have it built (ReferenceOutputAssembly is false there).
    private static readonly Dictionary<string, string[]> _mayReference = new()
    {
        ["EmuPS.Core"] = [],
        ["EmuPS.Cpu"] = ["EmuPS.Core"],
        ["EmuPS.Devices"] = ["EmuPS.Core"],
        ["EmuPS.Machine"] = ["EmuPS.Core", "EmuPS.Cpu", "EmuPS.Devices"],
        ["EmuPS"] = ["EmuPS.Machine"],
        ["EmuPS.Shell.Management"] = [],
        ["EmuPS.Shell.Utility"] = ["EmuPS.Shell.Management"],
        ["EmuPS.Shell"] = ["EmuPS.Shell.Utility"],
    };

    private static readonly Dictionary<string, string[]> _mayUsePackage = new()
    {
        ["Iced"] = ["EmuPS.Cpu"],
        ["Microsoft.Extensions.Logging.Abstractions"] = ["EmuPS.Machine"],
        ["SharpCompress"] = ["EmuPS.Machine"],
        ["System.IO.Hashing"] = ["EmuPS.Machine"],
        ["PowerShellStandard.Library"] = ["EmuPS"],
        ["System.Management.Automation"] = ["EmuPS.Shell", "EmuPS.Shell.Management", "EmuPS.Shell.Utility"],
    };

    /// <summary>The projects of src by name.</summary>
    public static TheoryData<string> Projects => [.. Names()];

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(_mayReference.Keys.Order(), Names().Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        IEnumerable<string> references = Items(project, "ProjectReference")
            .Where(item => (string?)item.Attribute("ReferenceOutputAssembly") != "false")
            .Select(item => Path.GetFileNameWithoutExtension((string)item.Attribute("Include")!));
        Assert.Empty(references.Except(_mayReference[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_the_packages_that_are_its_own(string project)
    {
        IEnumerable<string> packages = Items(project, "PackageReference").Select(item => (string)item.Attribute("Include")!);
        Assert.All(packages, package => Assert.Contains(project, _mayUsePackage.GetValueOrDefault(package, [])));
    }

    [Fact]
    public void Packages_of_the_engine_do_not_compile_into_what_lies_above()
    {
        foreach (string project in (string[])["EmuPS.Core", "EmuPS.Cpu", "EmuPS.Devices", "EmuPS.Machine"])
            Assert.All(Items(project, "PackageReference"), item => Assert.Contains((string?)item.Attribute("PrivateAssets"), (string[])["compile", "all"]));
    }

    // A reference reaches through: only the source shows whether a project names what lies two arrows below.
    [Theory]
    [InlineData("Iced", "EmuPS.Cpu")]
    [InlineData("System.Management.Automation", "EmuPS", "EmuPS.Shell", "EmuPS.Shell.Management", "EmuPS.Shell.Utility")]
    [InlineData("Microsoft.Extensions.Logging", "EmuPS.Machine")]
    [InlineData("EmuPS.Cpu", "EmuPS.Cpu", "EmuPS.Machine")]
    [InlineData("EmuPS.Devices", "EmuPS.Devices", "EmuPS.Machine")]
    public void A_namespace_is_named_only_where_it_may_be(string named, params string[] projects)
    {
        Regex name = new($@"(?<![\w.]){Regex.Escape(named)}(?![\w])");
        IEnumerable<string> wrong = Repository.Sources("src")
            .Where(file => !projects.Contains(file.Split('/')[1]))
            .Where(file => name.IsMatch(CSharpCode.Of(Repository.Read(file))));
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Names() => Repository.Files("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file));

    private static IEnumerable<XElement> Items(string project, string item) =>
        XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj")).Descendants(item);
}
