using System;
using System.Collections.Generic;
using System.IO;

namespace EmuPS.Machine.Guests;

/// <summary>Composes the guest's initramfs from busybox, our own few scripts, the kernel's modules and the user's files.</summary>
internal static class InitramfsComposer
{
    private static readonly string[] _folders =
        ["bin", "sbin", "dev", "etc", "proc", "sys", "tmp", "run", "root", "var/log", "lib/modules", "usr/bin", "usr/sbin"];

    // The commands that our scripts run before the rest is there; rcS lets busybox install all its others itself.
    private static readonly string[] _applets = ["sh", "mount", "mkdir"];

    /// <summary>Writes the initramfs.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="busybox">The static busybox.</param>
    /// <param name="modules">Kernel modules to load at boot, by file name, in order.</param>
    /// <param name="includePaths">Host files and folders to put into <c>/root</c>.</param>
    public static void Compose(
        Stream output, ReadOnlySpan<byte> busybox, IEnumerable<KeyValuePair<string, byte[]>> modules, IEnumerable<string> includePaths)
    {
        using var cpio = new CpioWriter(output);
        foreach (string folder in _folders)
            cpio.AddDirectory(folder);
        cpio.AddCharacterDevice("dev/console", 5, 1);
        cpio.AddCharacterDevice("dev/null", 1, 3);
        cpio.AddFile("bin/busybox", busybox, executable: true);
        cpio.AddLink("init", "bin/busybox");
        cpio.AddLink("var/run", "/run");
        foreach (string applet in _applets)
            cpio.AddLink("bin/" + applet, "busybox");
        cpio.AddFile("etc/inittab", OwnFile("inittab"));
        cpio.AddFile("etc/profile", OwnFile("profile"));
        cpio.AddFile("etc/passwd", "root::0:0:root:/root:/bin/sh\n"u8);
        cpio.AddFile("etc/group", "root:x:0:\n"u8);
        cpio.AddFile("etc/init.d/rcS", OwnFile("rcS"), executable: true);
        cpio.AddFile("etc/acpi/PWRF/00000080", OwnFile("power-button"), executable: true);
        cpio.AddFile("sbin/emups-agent", OwnFile("emups-agent"), executable: true);
        foreach ((string name, byte[] content) in modules)
            cpio.AddFile("lib/modules/" + name, content);
        foreach (string path in includePaths)
            Include(cpio, path, "root/" + Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
    }

    internal static byte[] OwnFile(string name)
    {
        using Stream stream = typeof(InitramfsComposer).Assembly.GetManifestResourceStream("guest/" + name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static void Include(CpioWriter cpio, string path, string guestPath)
    {
        if (Directory.Exists(path))
        {
            cpio.AddDirectory(guestPath);
            foreach (string entry in Directory.EnumerateFileSystemEntries(path))
                Include(cpio, entry, guestPath + "/" + Path.GetFileName(entry));
        }
        else if (File.Exists(path))
        {
            bool executable = OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;
            cpio.AddFile(guestPath, File.ReadAllBytes(path), executable);
        }
        else
        {
            throw NotFound(path);
        }
    }

    /// <summary>Makes sure that there is what shall go into the image, before anything is fetched for it.</summary>
    /// <exception cref="GuestImageException">A path names nothing.</exception>
    public static void CheckIncludes(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (!Path.Exists(path))
                throw NotFound(path);
        }
    }

    private static GuestImageException NotFound(string path) =>
        new GuestImageException("IncludePathNotFound", $"There is no '{path}' to put into the guest image.", "Give the path of a file or a folder.");
}
