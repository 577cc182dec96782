using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>PowerShell finds a command without loading the module only through the manifest, so the manifest tells all and nothing else.</summary>
public sealed partial class ManifestTests
{
    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        string list = ExportedCmdlets().Match(Repository.Read("EmuPS.psd1")).Groups["list"].Value;
        IEnumerable<string> exported = Quoted().Matches(list).Select(match => match.Groups[1].Value);
        Assert.Equal(Cmdlets().Order(StringComparer.Ordinal), exported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_cmdlet_s_class_is_named_after_it()
    {
        IEnumerable<string> wrong =
            from file in Repository.Sources("src/EmuPS")
            from Match match in Cmdlet().Matches(Repository.Read(file))
            where !file.EndsWith($"/{match.Groups["verb"].Value}{match.Groups["noun"].Value}Command.cs", StringComparison.Ordinal)
            select file;
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_cmdlet_attribute_was_understood() => Assert.Equal(
        Repository.Sources("src/EmuPS").Sum(file => Attribute().Count(CSharpCode.Of(Repository.Read(file)))),
        Cmdlets().Count());

    private static IEnumerable<string> Cmdlets() => Repository.Sources("src/EmuPS")
        .SelectMany(file => Cmdlet().Matches(Repository.Read(file)))
        .Select(match => $"{match.Groups["verb"].Value}-{match.Groups["noun"].Value}");

    [GeneratedRegex(@"^[ \t]*\[Cmdlet\(Verbs\w+\.(?<verb>\w+), ""(?<noun>\w+)""", RegexOptions.Multiline)]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"\[\s*Cmdlet\s*\(")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<list>[^)]*)\)")]
    private static partial Regex ExportedCmdlets();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
