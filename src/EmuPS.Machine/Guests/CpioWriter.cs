using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace EmuPS.Machine.Guests;

/// <summary>Writes a cpio archive in the "newc" form, the form of an initramfs.</summary>
public sealed class CpioWriter : IDisposable
{
    private const int BlockLength = 512;
    private const int DirectoryMode = 0x4000;
    private const int CharacterDeviceMode = 0x2000;
    private const int FileMode = 0x8000;
    private const int LinkMode = 0xA000;

    private readonly Stream _output;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private long _position;
    private int _inode;
    private bool _finished;

    /// <summary>Starts an archive.</summary>
    /// <param name="output">Where it goes; it stays open.</param>
    public CpioWriter(Stream output) => _output = output;

    /// <summary>Adds a directory and those above it.</summary>
    public void AddDirectory(string path, int mode = 0x1ED)
    {
        path = path.Trim('/');
        if (path.Length == 0 || !_written.Add(path))
            return;
        AddParents(path);
        Write(path, DirectoryMode | mode, [], 0, 0);
    }

    /// <summary>Adds a file and the directories above it.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content, bool executable = false)
    {
        path = path.Trim('/');
        if (!_written.Add(path))
            return;
        AddParents(path);
        Write(path, FileMode | (executable ? 0x1ED : 0x1A4), content, 0, 0);
    }

    /// <summary>Adds a symbolic link.</summary>
    public void AddLink(string path, string target)
    {
        path = path.Trim('/');
        if (!_written.Add(path))
            return;
        AddParents(path);
        Write(path, LinkMode | 0x1FF, Encoding.UTF8.GetBytes(target), 0, 0);
    }

    /// <summary>Adds the node of a character device.</summary>
    public void AddCharacterDevice(string path, int major, int minor)
    {
        path = path.Trim('/');
        if (!_written.Add(path))
            return;
        AddParents(path);
        Write(path, CharacterDeviceMode | 0x180, [], major, minor);
    }

    /// <summary>Writes the archive's end.</summary>
    public void Dispose()
    {
        if (_finished)
            return;
        _finished = true;
        Write("TRAILER!!!", 0, [], 0, 0);
        Pad(BlockLength);
    }

    private void AddParents(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash > 0)
            AddDirectory(path[..slash]);
    }

    private void Write(string path, int mode, ReadOnlySpan<byte> content, int major, int minor)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        int links = (mode & 0xF000) == DirectoryMode ? 2 : 1;
        ReadOnlySpan<int> fields =
        [
            mode == 0 ? 0 : ++_inode, mode, 0, 0, links, 0, content.Length, 0, 0, major, minor, name.Length, 0,
        ];
        var header = new StringBuilder("070701", 110);
        foreach (int field in fields)
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        Put(Encoding.ASCII.GetBytes(header.ToString()));
        Put(name);
        Pad(4);
        Put(content);
        Pad(4);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }

    private void Pad(int alignment)
    {
        Span<byte> zeros = stackalloc byte[BlockLength];
        zeros.Clear();
        Put(zeros[..(int)((alignment - (_position % alignment)) % alignment)]);
    }
}
