using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>Pointers live in the processor, in guest memory and at the host's door, and nowhere else.</summary>
public sealed class UnsafeCodeTests
{
    private static readonly string[] _mayBeUnsafe = ["src/EmuPS.Cpu/", "src/EmuPS.Core/Memory/", "src/EmuPS.Core/Native/"];
    private static readonly string[] _mayCallTheHost = ["src/EmuPS.Core/Native/"];

    [Fact]
    public void Unsafe_code_stays_in_its_folders() => Assert.Empty(Outside(_mayBeUnsafe, @"\bunsafe\b"));

    [Fact]
    public void Native_functions_are_called_from_one_folder() =>
        Assert.Empty(Outside(_mayCallTheHost, @"\b(DllImport|LibraryImport|NativeLibrary|GetDelegateForFunctionPointer)\b"));

    [Fact]
    public void Only_projects_with_such_a_folder_allow_it()
    {
        IEnumerable<string> allowing = Repository.Files("src", "*.csproj")
            .Where(file => Repository.Read(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(["EmuPS.Core", "EmuPS.Cpu"], allowing);
    }

    [Fact]
    public void No_props_file_allows_it_for_everyone() =>
        Assert.DoesNotContain("AllowUnsafeBlocks", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);

    private static IEnumerable<string> Outside(string[] folders, string pattern) => Repository.Sources("src")
        .Where(file => !folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
        .Where(file => Regex.IsMatch(CSharpCode.Of(Repository.Read(file)), pattern));
}
