using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace EmuPS.Machine.Guests;

/// <summary>Makes guest images: a Debian kernel and an initramfs composed around busybox.</summary>
public sealed partial class GuestImageBuilder
{
    private const string KernelMetaPackage = "linux-image-cloud-amd64";
    private const string BusyboxPackage = "busybox-static";

    // The power button needs its driver and the input events that acpid listens to; the rest is built into the kernel.
    private static readonly string[] _modules = ["button.ko", "evdev.ko"];

    private readonly GuestImageStore _store;

    /// <summary>Prepares a builder.</summary>
    /// <param name="store">Where images go.</param>
    public GuestImageBuilder(GuestImageStore store) => _store = store;

    /// <summary>Finds or makes the default image in the user's cache.</summary>
    public static Task<GuestImage> BuildDefaultAsync(IProgress<GuestImageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new GuestImageBuilder(new GuestImageStore()).BuildAsync(new GuestImageRequest(), progress, cancellationToken);

    /// <summary>Finds or makes an image; any number of processes may ask for the same one.</summary>
    /// <exception cref="GuestImageException">The image cannot be made; the exception says what to do.</exception>
    public async Task<GuestImage> BuildAsync(
        GuestImageRequest request, IProgress<GuestImageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string folder = _store.FolderOf(request.Name);
        InitramfsComposer.CheckIncludes(request.IncludePaths);
        if (request.KernelPackage is { } kernel && !PackageName().IsMatch(kernel))
        {
            throw new GuestImageException(
                "KernelPackageNotFound", $"'{kernel}' is not the name of a Debian package.", "Write a name such as linux-image-6.1.0-18-cloud-amd64.");
        }

        Directory.CreateDirectory(_store.Folder);
        using FileStream guard = await LockAsync(request.Name, cancellationToken).ConfigureAwait(false);
        if (!request.Force && _store.Get(request.Name) is { } existing)
            return existing;

        ClearAbandoned(request.Name);
        string work = Path.Combine(_store.Folder, $".{request.Name}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            Parts parts = await CollectAsync(request, Path.Combine(work, "apt"), progress, cancellationToken).ConfigureAwait(false);
            progress?.Report(new GuestImageProgress("Composing the initramfs", 90));
            string image = Path.Combine(work, "image");
            Directory.CreateDirectory(image);
            await File.WriteAllBytesAsync(Path.Combine(image, GuestImageStore.KernelFile), parts.Kernel!, cancellationToken).ConfigureAwait(false);
            using (FileStream initrd = File.Create(Path.Combine(image, GuestImageStore.InitrdFile)))
                InitramfsComposer.Compose(initrd, parts.Busybox, parts.Modules, request.IncludePaths);
            File.WriteAllText(Path.Combine(image, GuestImageStore.DescriptionFile), JsonSerializer.Serialize(
                new Dictionary<string, object> { ["kernelVersion"] = parts.KernelVersion!, ["created"] = DateTimeOffset.UtcNow }));
            cancellationToken.ThrowIfCancellationRequested();
            _store.Remove(request.Name);
            Directory.Move(image, folder);
        }
        finally
        {
            Delete(work);
        }

        progress?.Report(new GuestImageProgress("Done", 100));
        return _store.GetRequired(request.Name);
    }

    // What a process left that was killed at its work. The caller has the lock, so nobody is at work.
    private void ClearAbandoned(string name)
    {
        string prefix = $".{name}.";
        foreach (string folder in Directory.EnumerateDirectories(_store.Folder, prefix + "*"))
        {
            if (Guid.TryParseExact(Path.GetFileName(folder)[prefix.Length..], "N", out _))
                Delete(folder);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next call tries again.
        }
    }

    private static async Task<Parts> CollectAsync(
        GuestImageRequest request, string aptFolder, IProgress<GuestImageProgress>? progress, CancellationToken cancellationToken)
    {
        var parts = new Parts();
        if (request.DebPaths.Count > 0)
        {
            progress?.Report(new GuestImageProgress("Reading the packages", 5));
            foreach (string path in request.DebPaths)
                parts.Take(path, cancellationToken);
        }

        if (!parts.IsComplete)
        {
            Directory.CreateDirectory(aptFolder);
            var apt = new AptClient(aptFolder);
            progress?.Report(new GuestImageProgress("Fetching the package lists", 10));
            await apt.UpdateAsync(cancellationToken).ConfigureAwait(false);
            var wanted = new List<string>();
            if (parts.Busybox is null)
                wanted.Add(BusyboxPackage);
            if (parts.Kernel is null)
                wanted.AddRange(await FindKernelAsync(apt, request.KernelPackage, cancellationToken).ConfigureAwait(false));
            progress?.Report(new GuestImageProgress("Downloading " + string.Join(", ", wanted), 30));
            foreach (string path in await apt.DownloadAsync(wanted, cancellationToken).ConfigureAwait(false))
            {
                progress?.Report(new GuestImageProgress("Unpacking " + Path.GetFileName(path), 60));
                parts.Take(path, cancellationToken);
            }
        }

        if (parts.IsComplete)
            return parts;
        throw new GuestImageException(
            "PackageIncomplete",
            $"The packages hold no {(parts.Kernel is null ? "kernel (boot/vmlinuz-*)" : "busybox")}.",
            "Give a linux-image-*-cloud-amd64 package and a busybox-static package.");
    }

    private static async Task<IEnumerable<string>> FindKernelAsync(AptClient apt, string? package, CancellationToken cancellationToken)
    {
        if (package is null)
        {
            IReadOnlyList<string> dependencies = await apt.GetDependenciesAsync(KernelMetaPackage, cancellationToken).ConfigureAwait(false);
            package = dependencies.FirstOrDefault(name => name.StartsWith("linux-image-", StringComparison.Ordinal)) ?? throw new GuestImageException(
                "KernelPackageNotFound",
                $"The package sources of this machine have no {KernelMetaPackage}.",
                "Name a kernel package with -KernelPackage, or give .deb files with -DebPath.");
        }

        // Newer releases split a kernel into an image and packages for its modules and its binary.
        IReadOnlyList<string> parts = await apt.GetDependenciesAsync(package, cancellationToken).ConfigureAwait(false);
        return parts
            .Where(name => name.StartsWith("linux-modules-", StringComparison.Ordinal) || name.StartsWith("linux-binary-", StringComparison.Ordinal))
            .Prepend(package);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9+.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PackageName();

    private async Task<FileStream> LockAsync(string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(_store.Folder, $".{name}.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(200, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private sealed class Parts
    {
        public byte[]? Kernel { get; private set; }

        public string? KernelVersion { get; private set; }

        public byte[]? Busybox { get; private set; }

        public SortedDictionary<string, byte[]> Modules { get; } = new(StringComparer.Ordinal);

        public bool IsComplete => Kernel is not null && Busybox is not null;

        public void Take(string debPath, CancellationToken cancellationToken)
        {
            const string KernelPrefix = "boot/vmlinuz-";
            foreach ((string path, byte[] content) in DebianPackage.Read(debPath, name => Wants(name, cancellationToken)))
            {
                if (path.StartsWith(KernelPrefix, StringComparison.Ordinal))
                {
                    Kernel = content;
                    KernelVersion = path[KernelPrefix.Length..];
                }
                else if (path.EndsWith("bin/busybox", StringComparison.Ordinal))
                {
                    Busybox = content;
                }
                else
                {
                    using Stream module = DebianPackage.Decompress(path, new MemoryStream(content));
                    using var plain = new MemoryStream();
                    module.CopyTo(plain);
                    Modules[ModuleName(path)!] = plain.ToArray();
                }
            }
        }

        private static bool Wants(string path, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return path.StartsWith("boot/vmlinuz-", StringComparison.Ordinal) || path is "bin/busybox" or "usr/bin/busybox" || ModuleName(path) is not null;
        }

        private static string? ModuleName(string path) => !path.Contains("/kernel/drivers/", StringComparison.Ordinal)
            ? null
            : _modules.FirstOrDefault(name => path.EndsWith('/' + name, StringComparison.Ordinal) ||
                path.EndsWith('/' + name + ".xz", StringComparison.Ordinal) || path.EndsWith('/' + name + ".zst", StringComparison.Ordinal));
    }
}
