using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace EmuPS.Machine.Guests;

/// <summary>The guest images in the user's cache folder.</summary>
public sealed class GuestImageStore
{
    internal const string KernelFile = "vmlinuz";
    internal const string InitrdFile = "initrd.img";
    internal const string DescriptionFile = "image.json";

    /// <summary>Opens the store.</summary>
    /// <param name="folder">The cache folder; the user's own when it is null.</param>
    public GuestImageStore(string? folder = null) => Folder = Path.Combine(folder ?? DefaultCacheFolder, "guests");

    /// <summary>The user's cache folder of EmuPS.</summary>
    public static string DefaultCacheFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("EMUPS_CACHE") is { Length: > 0 } own)
                return own;
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "EmuPS", "Cache");
            string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "emups");
        }
    }

    /// <summary>The folder that holds one folder per image.</summary>
    public string Folder { get; }

    /// <summary>Finds an image; null when there is none of that name.</summary>
    public GuestImage? Get(string name = GuestImage.DefaultName)
    {
        string folder = FolderOf(name);
        string kernel = Path.Combine(folder, KernelFile);
        string initrd = Path.Combine(folder, InitrdFile);
        string description = Path.Combine(folder, DescriptionFile);
        if (!File.Exists(kernel) || !File.Exists(initrd) || !File.Exists(description))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(description));
            return new GuestImage(
                name, kernel, initrd,
                document.RootElement.GetProperty("kernelVersion").GetString() ?? "",
                document.RootElement.GetProperty("created").GetDateTimeOffset());
        }
        catch (Exception error) when (error is JsonException or IOException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Finds an image and says what to do when there is none.</summary>
    public GuestImage GetRequired(string name = GuestImage.DefaultName) => Get(name) ?? throw new GuestImageException(
        "GuestImageNotFound",
        $"There is no guest image named '{name}'.",
        "Make one with New-EmuGuestImage, use the simulated guest with -Guest Simulated, or name a kernel of your own with -Kernel.");

    /// <summary>All images, by name.</summary>
    public IReadOnlyList<GuestImage> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateDirectories(Folder)
            .Select(folder => Path.GetFileName(folder))
            .Where(IsName)
            .Order(StringComparer.Ordinal)
            .Select(Get)
            .OfType<GuestImage>()]
        : [];

    /// <summary>Deletes an image.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name)
    {
        string folder = FolderOf(name);
        if (!Directory.Exists(folder))
            return false;
        // Renamed first: no one sees half an image.
        string doomed = Path.Combine(Folder, $".{name}.{Guid.NewGuid():N}");
        Directory.Move(folder, doomed);
        Directory.Delete(doomed, recursive: true);
        return true;
    }

    internal string FolderOf(string name) => IsName(name)
        ? Path.Combine(Folder, name)
        : throw new GuestImageException(
            "InvalidGuestImageName",
            $"'{name}' is not a name for a guest image.",
            "Use letters, digits, '.', '_' and '-', beginning with a letter or a digit.");

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0]) &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
