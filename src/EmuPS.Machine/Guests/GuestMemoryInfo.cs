using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace EmuPS.Machine.Guests;

/// <summary>The guest's own view of its memory.</summary>
/// <param name="TotalBytes">MemTotal.</param>
/// <param name="FreeBytes">MemFree.</param>
/// <param name="AvailableBytes">MemAvailable.</param>
/// <param name="BlockSizeBytes">The size of a memory block; 0 when the guest's kernel has no memory hotplug.</param>
/// <param name="OnlinePolicy">What the guest does with new memory, as <c>auto_online_blocks</c> says it.</param>
/// <param name="Blocks">Its memory blocks, by number.</param>
public sealed record GuestMemoryInfo(
    ulong TotalBytes, ulong FreeBytes, ulong AvailableBytes, ulong BlockSizeBytes, string OnlinePolicy, IReadOnlyList<GuestMemoryBlock> Blocks)
{
    // One line per fact; the order of a block's words is what Parse expects.
    private const string Script =
        """
        grep -E '^Mem(Total|Free|Available):' /proc/meminfo
        cd /sys/devices/system/memory || exit 0
        read -r size < block_size_bytes && echo "size $size"
        read -r policy < auto_online_blocks && echo "policy $policy"
        for block in memory[0-9]*; do
            state= removable= zones=
            { read -r state < $block/state; read -r removable < $block/removable; read -r zones < $block/valid_zones; } 2>/dev/null
            echo "block ${block#memory} ${state:--} ${removable:-0} $zones"
        done
        """;

    /// <summary>Asks the guest.</summary>
    public static async Task<GuestMemoryInfo> ReadAsync(GuestAgent agent, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        GuestCommandResult result = await agent.RunAsync(Script, timeout: timeout, cancellationToken: cancellationToken).ConfigureAwait(false);
        return Parse(result.Output);
    }

    internal static GuestMemoryInfo Parse(string text)
    {
        var kilobytes = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var lines = new List<string[]>();
        ulong blockSize = 0;
        string policy = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var name, var amount, ..] && name.EndsWith(':') && ulong.TryParse(amount, CultureInfo.InvariantCulture, out ulong count))
                kilobytes[name] = count;
            else if (words is ["size", var size])
                _ = ulong.TryParse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out blockSize);
            else if (words is ["policy", var value])
                policy = value;
            else if (words is ["block", _, _, _, ..])
                lines.Add(words);
        }

        var blocks = new List<GuestMemoryBlock>();
        foreach (string[] words in lines)
        {
            if (ulong.TryParse(words[1], CultureInfo.InvariantCulture, out ulong index))
                blocks.Add(new GuestMemoryBlock(index, index * blockSize, blockSize, words[2], string.Join(' ', words.Skip(4)), words[3] == "1"));
        }

        return new GuestMemoryInfo(
            Bytes("MemTotal:"), Bytes("MemFree:"), Bytes("MemAvailable:"), blockSize, policy, [.. blocks.OrderBy(block => block.Index)]);

        ulong Bytes(string name) => kilobytes.GetValueOrDefault(name) * 1024;
    }
}
