namespace EmuPS.Objects;

/// <summary>A memory backend as <c>Start-EmuVM -Dimm</c> describes it: a hashtable with these keys, or text.</summary>
public sealed class EmuMemoryBackendSpec
{
    /// <summary>Describes a backend of anonymous memory.</summary>
    public EmuMemoryBackendSpec()
    {
    }

    /// <summary>Takes the id of a backend that is described elsewhere, or QEMU's text: <c>memory-backend-file,id=mem1,size=1G,mem-path=/mnt/huge</c>.</summary>
    public EmuMemoryBackendSpec(string text) => Text = text;

    /// <summary>The id; left out, <c>mem-</c> and the DIMM's id.</summary>
    public string? Id { get; set; }

    /// <summary>The size.</summary>
    public EmuByteSize Size { get; set; }

    /// <summary>Where the memory comes from; <c>File</c> follows from the path.</summary>
    public EmuMemoryBackendKind Kind { get; set; }

    /// <summary>The file, or a folder to make a nameless one in.</summary>
    public string? Path { get; set; }

    /// <summary>Whether others who map the same file see what the guest writes.</summary>
    public bool? Share { get; set; }

    /// <summary>Whether every page gets real memory at once.</summary>
    public bool Preallocate { get; set; }

    /// <summary>Whether the file is opened for reading only.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>The alignment of a file's mapping.</summary>
    public EmuByteSize Align { get; set; }

    internal string? Text { get; }
}
