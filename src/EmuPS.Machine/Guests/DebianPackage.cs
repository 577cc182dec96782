using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace EmuPS.Machine.Guests;

/// <summary>Reads the files inside a Debian package.</summary>
internal static class DebianPackage
{
    /// <summary>Reads those files of a package that the caller wants.</summary>
    /// <param name="path">The package.</param>
    /// <param name="wants">Says by a file's path inside the package, without a leading dot or slash, whether to read it.</param>
    public static IReadOnlyDictionary<string, byte[]> Read(string path, Func<string, bool> wants)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            foreach ((string name, byte[] content) in ArReader.Read(file))
            {
                if (name.StartsWith("data.tar", StringComparison.Ordinal))
                    return ReadTar(Decompress(name, new MemoryStream(content)), wants);
            }

            throw new InvalidDataException("no data member");
        }
        catch (Exception error) when (error is not (GuestImageException or OutOfMemoryException or OperationCanceledException))
        {
            throw new GuestImageException(
                "PackageUnreadable", $"'{path}' cannot be read as a Debian package: {(FileProblem.Is(error) ? FileProblem.Describe(path, error) : error.Message)}", "Give the path of an intact .deb file.", error);
        }
    }

    /// <summary>Wraps a stream so that it is decompressed, as the end of a file's name asks for.</summary>
    public static Stream Decompress(string name, Stream content) => Path.GetExtension(name) switch
    {
        ".xz" => new XZStream(content),
        ".zst" => new DecompressionStream(content),
        ".gz" => new GZipStream(content, CompressionMode.Decompress),
        _ => content,
    };

    private static Dictionary<string, byte[]> ReadTar(Stream content, Func<string, bool> wants)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(new BufferedStream(content, 1 << 16));
        while (tar.GetNextEntry() is { } entry)
        {
            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name.TrimStart('/');
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null || !wants(name))
                continue;
            using var bytes = new MemoryStream();
            entry.DataStream.CopyTo(bytes);
            files[name] = bytes.ToArray();
        }

        return files;
    }
}
