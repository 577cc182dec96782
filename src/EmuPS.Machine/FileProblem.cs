using System;
using System.IO;

namespace EmuPS.Machine;

/// <summary>Why a file of the host cannot be used, in words for a person: .NET's say "denied" of a folder and "part of the path" of a file in between.</summary>
public static class FileProblem
{
    /// <summary>Whether an exception says that a file cannot be used.</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>Says why, without a full stop.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What was thrown.</param>
    public static string Describe(string path, Exception error) => error switch
    {
        _ when path.Contains('\0') => "its name has a null character",
        PathTooLongException => "its name is too long",
        _ when Directory.Exists(path) => "it is a folder",
        FileNotFoundException => "it does not exist",
        DirectoryNotFoundException => Folder(path),
        UnauthorizedAccessException => "you may not",
        _ => error.Message.TrimEnd('.'),
    };

    private static string Folder(string path)
    {
        string? above = Path.GetDirectoryName(Path.GetFullPath(path));
        while (above is not null && !Directory.Exists(above))
        {
            if (File.Exists(above))
                return $"'{above}' is a file, not a folder";
            above = Path.GetDirectoryName(above);
        }

        return $"the folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' does not exist";
    }
}
