using System.IO;
using System.Threading.Tasks;

namespace EmuPS.Machine.Tests.Linux;

/// <summary>The start line of QEMU's document, line for line, with folders that exist here instead of its mounts of huge pages.</summary>
public sealed class DocumentGuest : LinuxGuest
{
    private readonly string _folder;

    /// <summary>Makes the folders.</summary>
    public DocumentGuest()
        : this(Directory.CreateTempSubdirectory("emups-document-").FullName)
    {
    }

    private DocumentGuest(string folder)
        : base(
            $"""
            -m 6G,slots=4,maxmem=10G \
            -object memory-backend-file,id=mem1,size=1G,mem-path={folder}/hugepages-1G \
            -device pc-dimm,id=dimm1,memdev=mem1 \
            -object memory-backend-file,id=mem2,size=256M,mem-path={folder}/hugepages-2MB \
            -device pc-dimm,id=dimm2,memdev=mem2
            """,
            "emups.online=offline")
    {
        _folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "hugepages-1G"));
        Directory.CreateDirectory(Path.Combine(folder, "hugepages-2MB"));
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
