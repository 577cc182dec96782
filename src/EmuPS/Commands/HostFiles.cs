using System;
using System.IO;
using System.Management.Automation;
using EmuPS.Errors;

namespace EmuPS.Commands;

/// <summary>Opens files of the host for the cmdlets, with errors that say which file and why.</summary>
internal static class HostFiles
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.FileUnavailable"/>.</exception>
    public static T Read<T>(string path, Func<string, T> read) => Use(path, "read", read);

    /// <summary>Makes or writes a file.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.FileUnavailable"/>.</exception>
    public static T Write<T>(string path, Func<string, T> write) => Use(path, "written", write);

    /// <summary>Makes sure that a file can be made where it shall be.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.FileUnavailable"/>.</exception>
    public static void RequireFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            _ = Write<bool>(path, _ => throw new DirectoryNotFoundException());
    }

    private static T Use<T>(string path, string what, Func<string, T> use)
    {
        try
        {
            return use(path);
        }
        catch (Exception error) when (Machine.FileProblem.Is(error))
        {
            throw new EmuException(
                ErrorIds.FileUnavailable, $"The file '{path}' cannot be {what}: {Machine.FileProblem.Describe(path, error)}.", "Check the path and the permissions.", error, ErrorCategory.OpenError);
        }
    }
}
