using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>Files that fit in a head and carry the name of what they hold.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 600;

    [Fact]
    public void No_file_is_too_long()
    {
        IEnumerable<string> files = Repository.Files("src", "*").Concat(Repository.Files("tests", "*"))
            .Where(file => !file.StartsWith("tests/Data/", StringComparison.Ordinal) && !file.EndsWith(".g.cs", StringComparison.Ordinal));
        IEnumerable<string> wrong =
            from file in files
            let lines = Repository.Read(file).Count(c => c == '\n')
            where lines > MostLines
            select $"{file} has {lines} lines";
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_file_holds_one_type_of_its_name()
    {
        IEnumerable<string> wrong =
            from file in Repository.Sources("src").Concat(Repository.Sources("tests"))
            let types = Types(file)
            where !types.SequenceEqual([Path.GetFileName(file).Split('.')[0]])
            select $"{file} holds {string.Join(", ", types)}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_namespace_covers_its_file()
    {
        IEnumerable<string> wrong = Repository.Sources("src").Concat(Repository.Sources("tests"))
            .Where(file => !FileScopedNamespace().IsMatch(CSharpCode.Of(Repository.Read(file))));
        Assert.Empty(wrong);
    }

    private static string[] Types(string file) =>
        [.. CSharpCode.TopLevelLines(CSharpCode.Of(Repository.Read(file)))
            .Select(line => TypeDeclaration().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^(?:\[.*\]\s*)?(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?|delegate\s+[^(]+?)\s+(?<name>\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^namespace [\w.]+;", RegexOptions.Multiline)]
    private static partial Regex FileScopedNamespace();
}
