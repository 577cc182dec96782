namespace EmuPS.Objects;

/// <summary>A DIMM that is there from the start, as <c>Start-EmuVM -Dimm</c> describes it: a hashtable with these keys, or text.</summary>
public sealed class EmuDimmSpec
{
    /// <summary>Describes a DIMM.</summary>
    public EmuDimmSpec()
    {
    }

    /// <summary>Takes QEMU's text: <c>pc-dimm,id=dimm1,memdev=mem1</c>.</summary>
    public EmuDimmSpec(string text) => Text = text;

    /// <summary>The id; left out, the first free <c>dimm0</c>, <c>dimm1</c>, ...</summary>
    public string? Id { get; set; }

    /// <summary>The backend behind it: a hashtable, or the id of one that is described elsewhere.</summary>
    public EmuMemoryBackendSpec? Backend { get; set; }

    /// <summary>Its size, when no backend is given: one of anonymous memory is made.</summary>
    public EmuByteSize Size { get; set; }

    /// <summary>The slot; -1 is the first free one.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The guest-physical address; 0 is the first gap.</summary>
    public ulong Address { get; set; }

    /// <summary>The guest's NUMA node.</summary>
    public uint Node { get; set; }

    internal string? Text { get; }
}
