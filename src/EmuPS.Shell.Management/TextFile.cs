using System;
using System.IO;
using System.Management.Automation;
using System.Text;

namespace EmuPS.Shell.Management;

/// <summary>Text files with pwsh's names of encodings.</summary>
internal static class TextFile
{
    /// <summary>The encoding of a name.</summary>
    /// <param name="name">utf8 (without a mark), utf8BOM, utf8NoBOM, unicode, bigendianunicode, ascii, latin1, utf32, or a .NET name.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="PSArgumentException">The name is unknown.</exception>
    public static Encoding EncodingOf(string name)
    {
        switch (name.ToLowerInvariant())
        {
            case "utf8" or "utf8nobom" or "default":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            case "utf8bom":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
            case "unicode":
                return Encoding.Unicode;
            case "bigendianunicode":
                return Encoding.BigEndianUnicode;
            case "ascii":
                return Encoding.ASCII;
            case "latin1":
                return Encoding.Latin1;
            case "utf32":
                return Encoding.UTF32;
        }

        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new PSArgumentException($"The encoding '{name}' is unknown; utf8, utf8BOM, unicode, bigendianunicode, ascii, latin1 and utf32 are known.");
        }
    }

    /// <summary>Opens a file for writing.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="append">Whether to keep what it holds.</param>
    /// <param name="force">Whether to overwrite a read-only file.</param>
    /// <param name="encoding">How text becomes bytes.</param>
    /// <returns>The writer; the caller closes it.</returns>
    public static StreamWriter OpenWriter(string path, bool append, bool force, Encoding encoding)
    {
        if (force && File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
            File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
        FileStream stream = new(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        return new StreamWriter(stream, encoding) { AutoFlush = true };
    }
}
