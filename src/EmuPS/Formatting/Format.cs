using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using EmuPS.Objects;

namespace EmuPS.Formatting;

/// <summary>What the views of <c>EmuPS.Format.ps1xml</c> call to write a value.</summary>
public static class Format
{
    /// <summary>A number of bytes in MiB.</summary>
    public static string Mebibytes(long bytes) => (bytes / (1024.0 * 1024)).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A guest-physical address, with twelve digits.</summary>
    public static string Address(ulong address) => $"0x{address:x12}";

    /// <summary>How long something took or has lasted.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 100
        ? time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s"
        : time.ToString(time.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>The slots of a VM, used and all.</summary>
    public static string Slots(EmuVM machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return $"{machine.SlotsUsed}/{machine.Slots}";
    }

    /// <summary>The guest's last answer (<c>_OST</c>); empty before the first.</summary>
    public static string Ost(uint? source, uint? status) => source is null or 0 ? "" : $"0x{source:x}: 0x{status:x2}";

    /// <summary>Numbers as ranges: <c>8-15, 20</c>.</summary>
    public static string Ranges(IEnumerable? numbers)
    {
        if (numbers is null)
            return "";
        long[] sorted = [.. numbers.Cast<object>().Select(number => Convert.ToInt64(number, CultureInfo.InvariantCulture)).Order()];
        string text = "";
        for (int start = 0; start < sorted.Length;)
        {
            int end = start;
            while (end + 1 < sorted.Length && sorted[end + 1] == sorted[end] + 1)
                end++;
            text += (text.Length == 0 ? "" : ", ") + (end == start ? $"{sorted[start]}" : $"{sorted[start]}-{sorted[end]}");
            start = end + 1;
        }

        return text;
    }

    /// <summary>What an event says, as compact JSON; empty when it says nothing.</summary>
    public static string Data(EmuEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.Data.Count == 0 ? "" : JsonSerializer.Serialize(happened.Data);
    }
}
