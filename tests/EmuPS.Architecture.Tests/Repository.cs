using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace EmuPS.Architecture.Tests;

/// <summary>The checkout that the tests were built from, as files with paths relative to it, separated by slashes.</summary>
internal static class Repository
{
    /// <summary>The folder that holds EmuPS.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The files below a folder, build output excepted, in a stable order.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# files below a folder that people write.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Files(folder, "*.cs").Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>A file's text.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EmuPS.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No EmuPS.sln above {AppContext.BaseDirectory}: run these tests from a checkout.");
    }
}
