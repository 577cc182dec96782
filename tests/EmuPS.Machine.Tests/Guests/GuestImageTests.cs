using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Guests;

public sealed class GuestImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_image_is_made_from_packages_given_by_path()
    {
        string kernel = WritePackage("kernel.deb", ("./boot/vmlinuz-6.1.0-9-cloud-amd64", "kernel"), ("./lib/modules/6.1/kernel/drivers/acpi/button.ko", "button"));
        string busybox = WritePackage("busybox.deb", ("./bin/busybox", "busybox"));
        string extra = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(extra, "hello");
        var store = new GuestImageStore(_folder);

        GuestImage image = await new GuestImageBuilder(store).BuildAsync(
            new GuestImageRequest { Name = "mine", DebPaths = [kernel, busybox], IncludePaths = [extra] });

        Assert.Equal("6.1.0-9-cloud-amd64", image.KernelVersion);
        Assert.Equal("kernel", await File.ReadAllTextAsync(image.KernelPath));
        Dictionary<string, (int Mode, string Content)> files = ReadCpio(await File.ReadAllBytesAsync(image.InitrdPath));
        Assert.Equal((0x81ED, "busybox"), files["bin/busybox"]);
        Assert.Equal((0xA1FF, "bin/busybox"), files["init"]);
        Assert.Equal("button", files["lib/modules/button.ko"].Content);
        Assert.Equal("hello", files["root/notes.txt"].Content);
        Assert.Contains("EMUPS-READY", files["etc/init.d/rcS"].Content);
        Assert.DoesNotContain('\r', files["sbin/emups-agent"].Content);
        Assert.Equal(0x21, files["dev/console"].Mode >> 8);
        Assert.Equal([image], store.List());
    }

    [Fact]
    public async Task An_image_that_exists_is_kept_unless_forced()
    {
        string packages = WritePackage("all.deb", ("./boot/vmlinuz-1", "one"), ("./usr/bin/busybox", "b"));
        var builder = new GuestImageBuilder(new GuestImageStore(_folder));
        var request = new GuestImageRequest { DebPaths = [packages] };
        GuestImage first = await builder.BuildAsync(request);
        WritePackage("all.deb", ("./boot/vmlinuz-2", "two"), ("./usr/bin/busybox", "b"));

        Assert.Equal(first, await builder.BuildAsync(request));
        Assert.Equal("2", (await builder.BuildAsync(request with { Force = true })).KernelVersion);
    }

    [Fact]
    public async Task Makers_of_the_same_image_wait_for_each_other()
    {
        string packages = WritePackage("all.deb", ("./boot/vmlinuz-1", "one"), ("./bin/busybox", "b"));
        var request = new GuestImageRequest { DebPaths = [packages] };
        GuestImage[] images = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => new GuestImageBuilder(new GuestImageStore(_folder)).BuildAsync(request))));
        Assert.Single(images.Distinct());
    }

    [Fact]
    public async Task A_damaged_package_is_named()
    {
        string path = Path.Combine(_folder, "broken.deb");
        await File.WriteAllTextAsync(path, "!<arch>\ngarbage");
        var builder = new GuestImageBuilder(new GuestImageStore(_folder));
        GuestImageException error = await Assert.ThrowsAsync<GuestImageException>(
            () => builder.BuildAsync(new GuestImageRequest { DebPaths = [path] }));
        Assert.Equal("PackageUnreadable", error.ErrorId);
        Assert.Contains("broken.deb", error.Message);
        Assert.NotEmpty(error.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    public void Names_cannot_leave_the_store(string name)
    {
        GuestImageException error = Assert.Throws<GuestImageException>(() => new GuestImageStore(_folder).Get(name));
        Assert.Equal("InvalidGuestImageName", error.ErrorId);
    }

    [Fact]
    public async Task A_removed_image_is_gone()
    {
        string packages = WritePackage("all.deb", ("./boot/vmlinuz-1", "one"), ("./bin/busybox", "b"));
        var store = new GuestImageStore(_folder);
        await new GuestImageBuilder(store).BuildAsync(new GuestImageRequest { Name = "x", DebPaths = [packages] });

        Assert.True(store.Remove("x"));
        Assert.False(store.Remove("x"));
        Assert.Equal("GuestImageNotFound", Assert.Throws<GuestImageException>(() => store.GetRequired("x")).ErrorId);
    }

    private static Dictionary<string, (int Mode, string Content)> ReadCpio(byte[] archive)
    {
        var files = new Dictionary<string, (int, string)>();
        int position = 0;
        while (true)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(archive, position, 6));
            int mode = Field(1);
            int length = Field(6);
            int nameLength = Field(11);
            string name = Encoding.UTF8.GetString(archive, position + 110, nameLength - 1);
            int content = (position + 110 + nameLength + 3) & ~3;
            if (name == "TRAILER!!!")
                return files;
            files.Add(name, (mode, Encoding.UTF8.GetString(archive, content, length)));
            position = (content + length + 3) & ~3;
        }

        int Field(int index) => int.Parse(Encoding.ASCII.GetString(archive, position + 6 + (8 * index), 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private string WritePackage(string name, params (string Path, string Content)[] files)
    {
        using var data = new MemoryStream();
        using (var zip = new GZipStream(data, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            foreach ((string path, string content) in files)
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }

        string package = Path.Combine(_folder, name);
        using FileStream ar = File.Create(package);
        ar.Write("!<arch>\n"u8);
        Member("debian-binary", "2.0\n"u8.ToArray());
        Member("control.tar.gz", [1, 2, 3]);
        Member("data.tar.gz", data.ToArray());
        return package;

        void Member(string member, byte[] content)
        {
            ar.Write(Encoding.ASCII.GetBytes($"{member,-16}{0,-12}{0,-6}{0,-6}{"100644",-8}{content.Length,-10}`\n"));
            ar.Write(content);
            if (content.Length % 2 != 0)
                ar.WriteByte((byte)'\n');
        }
    }
}
