using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace EmuPS.Architecture.Tests;

/// <summary>A static field, event or settable property as its declaration in source says.</summary>
/// <param name="Place">File and name: <c>src/X/Y.cs _name</c>.</param>
/// <param name="Type">The declared type.</param>
/// <param name="IsReadOnly">Whether it is assigned once.</param>
internal sealed partial record StaticField(string Place, string Type, bool IsReadOnly)
{
    /// <summary>The static fields of a file.</summary>
    public static IEnumerable<StaticField> In(string file) => In(file, Repository.Read(file));

    /// <summary>The static fields of a source text.</summary>
    public static IEnumerable<StaticField> In(string file, string source)
    {
        foreach (Match match in Declaration().Matches(CSharpCode.Of(source)))
        {
            string modifiers = match.Groups["modifiers"].Value;
            string rest = match.Groups["rest"].Value;
            if (!Modifier("static").IsMatch(modifiers) || Modifier("abstract").IsMatch(modifiers))
                continue;
            if (Field().Match(rest) is { Success: true } field)
                yield return new($"{file} {field.Groups["name"].Value}", field.Groups["type"].Value.Trim(), Modifier("readonly").IsMatch(modifiers));
            else if (SettableProperty().Match(rest) is { Success: true } property)
                yield return new($"{file} {property.Groups["name"].Value}", property.Groups["type"].Value.Trim(), false);
        }
    }

    private static Regex Modifier(string word) => new($@"\b{word}\b");

    [GeneratedRegex(@"^[ \t]+(?:\[[^\n]*\][ \t]*)?(?<modifiers>(?:(?:public|private|protected|internal|static|readonly|volatile|new|unsafe|abstract|event)\s+)+)(?<rest>[^\n]+(?:\n\s*=[^\n]*)?)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    // A type may hold commas, spaces and parentheses within its brackets or as a tuple; a method's parenthesis follows its name.
    [GeneratedRegex(@"^(?!class\b|struct\b|record\b|enum\b|interface\b|delegate\s+\w|implicit\b|explicit\b)(?<type>(?:\((?:[^()]|\([^()]*\))*\)|delegate\*(?:\s*unmanaged(?:\[[^\]]*\])?)?|[\w.:]+)(?:<(?>[^<>]|<(?<open>)|>(?<-open>))*(?(open)(?!))>(?:\.\w+)*)?(?:\?|\*|\[[,\s]*\])*)\s+(?<name>(?!operator\b)\w+)\s*(?:;|,|=(?![>=]))")]
    private static partial Regex Field();

    [GeneratedRegex(@"^(?<type>.+?)\s+(?<name>\w+)\s*\{[^}]*\bset;")]
    private static partial Regex SettableProperty();
}
