using System;
using System.IO;

namespace EmuPS.Machine.Tests;

/// <summary>The files of the repository that the tests read.</summary>
internal static class Repository
{
    /// <summary>Its topmost folder, above the one that the tests run from.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EmuPS.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder;
    }
}
