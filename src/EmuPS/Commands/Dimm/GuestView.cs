using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>What the guest itself says about a DIMM.</summary>
internal static partial class GuestView
{
    private const int LongestReason = 3;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the guest uses all of a DIMM.</summary>
    public static async Task<bool> IsOnlineAsync(EmuVM vm, DimmInfo dimm, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (vm.Machine.SimulatedGuest is { } simulated)
            return simulated.UsesSlot(dimm.Slot);
        GuestMemoryInfo info = await GuestMemoryInfo.ReadAsync(vm.Machine.Agent, timeout, cancellationToken).ConfigureAwait(false);
        if (info.BlockSizeBytes == 0)
            return false;
        ulong wanted = dimm.SizeBytes / info.BlockSizeBytes;
        return wanted > 0 && (ulong)BlocksOf(info, dimm).Count(block => block.IsOnline) == wanted;
    }

    /// <summary>The guest's blocks of a DIMM that are online; null when the guest does not say.</summary>
    public static async Task<IReadOnlyList<long>?> BlocksOnlineAsync(EmuVM vm, DimmInfo dimm, CancellationToken cancellationToken)
    {
        if (vm.Machine.SimulatedGuest is not null || !vm.Machine.Agent.IsReady)
            return null;
        try
        {
            GuestMemoryInfo info = await GuestMemoryInfo.ReadAsync(vm.Machine.Agent, _patience, cancellationToken).ConfigureAwait(false);
            return [.. BlocksOf(info, dimm).Where(block => block.IsOnline).Select(block => (long)block.Index)];
        }
        catch (Exception error) when (error is TimeoutException or GuestAgentException)
        {
            return null;
        }
    }

    /// <summary>Why the guest refused: the meaning of its answer, and what its kernel wrote to the console meanwhile.</summary>
    public static string Reason(EmuVM vm, DimmOutcome outcome, int consolePosition)
    {
        string answer = outcome.OstSource is { } source && outcome.OstStatus is { } status
            ? $"{OstCode.Describe(source, status)} (0x{status:x})"
            : "no reason given";
        IEnumerable<string> lines = ConsoleText.Split(vm.Machine.Console.Read(consolePosition), withRest: true).Lines
            .Where(line => MemoryMessage().IsMatch(line)).Select(line => KernelTime().Replace(line, "").Trim()).Distinct().TakeLast(LongestReason);
        return string.Join("; ", lines.Prepend(answer)).TrimEnd('.');
    }

    private static IEnumerable<GuestMemoryBlock> BlocksOf(GuestMemoryInfo info, DimmInfo dimm) =>
        info.Blocks.Where(block => block.Address >= dimm.Address && block.Address < dimm.Address + dimm.SizeBytes);

    [GeneratedRegex("offlin|memory|memhp|PNP0C80|migrat|page dumped because", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MemoryMessage();

    [GeneratedRegex(@"^\[\s*\d+\.\d+\]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex KernelTime();
}
