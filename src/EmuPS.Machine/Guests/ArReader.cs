using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace EmuPS.Machine.Guests;

/// <summary>Reads the members of an <c>ar</c> archive, which is what a Debian package is.</summary>
internal static class ArReader
{
    private const int HeaderLength = 60;

    /// <summary>Reads the archive from its start.</summary>
    /// <exception cref="InvalidDataException">This is no such archive, or it ends too early.</exception>
    public static IEnumerable<(string Name, byte[] Content)> Read(Stream archive)
    {
        byte[] header = new byte[HeaderLength];
        if (archive.ReadAtLeast(header.AsSpan(0, 8), 8, throwOnEndOfStream: false) < 8 || !header.AsSpan(0, 8).SequenceEqual("!<arch>\n"u8))
            throw new InvalidDataException("not an ar archive");
        while (true)
        {
            int read = archive.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (read == 0)
                yield break;
            string text = Encoding.ASCII.GetString(header);
            if (read < HeaderLength || header[58] != '`' ||
                !long.TryParse(text.AsSpan(48, 10).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                throw new InvalidDataException("damaged ar header");
            }

            if (archive.Position + length > archive.Length)
                throw new InvalidDataException("ar member is cut off");
            byte[] content = new byte[length];
            archive.ReadExactly(content);
            yield return (text[..16].Trim().TrimEnd('/'), content);
            archive.Position = Math.Min(archive.Position + (length & 1), archive.Length);
        }
    }
}
