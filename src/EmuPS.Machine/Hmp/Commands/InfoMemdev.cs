using System.Collections.Generic;
using System.Text;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the memory backends.</summary>
internal sealed class InfoMemdev : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "memdev";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show memory backends";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        StringBuilder text = new();
        foreach (MemoryBackendInfo backend in machine.Hotplug.Backends)
        {
            MemoryBackendOptions options = backend.Options;
            text.Append($"memory backend: {backend.Id}\n  size:  {backend.SizeBytes}\n");
            text.Append($"  merge: {Word(options.Merge)}\n  dump: {Word(options.Dump)}\n  prealloc: {Word(options.Preallocate == true)}\n");
            text.Append($"  share: {Word(options.Share == true)}\n  reserve: {Word(options.Reserve)}\n");
            text.Append($"  policy: {options.HostPolicy.ToString().ToLowerInvariant()}\n  host nodes: {Ranges(options.HostNodes)}\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Word(bool value) => value ? "true" : "false";

    /// <summary>Writes ascending numbers as ranges: 0-1,3.</summary>
    private static string Ranges(IReadOnlyList<ushort> nodes)
    {
        List<string> ranges = [];
        for (int first = 0; first < nodes.Count;)
        {
            int last = first;
            while (last + 1 < nodes.Count && nodes[last + 1] == nodes[last] + 1)
                last++;
            ranges.Add(first == last ? $"{nodes[first]}" : $"{nodes[first]}-{nodes[last]}");
            first = last + 1;
        }

        return string.Join(',', ranges);
    }
}
