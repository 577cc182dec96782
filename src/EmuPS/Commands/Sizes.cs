using System.Globalization;
using System.Management.Automation;
using EmuPS.Errors;

namespace EmuPS.Commands;

/// <summary>Checks sizes that people typed.</summary>
internal static class Sizes
{
    private const long Smallest = 1 << 20;

    /// <summary>Makes sure that a size was not meant in other units.</summary>
    /// <param name="bytes">The size.</param>
    /// <param name="parameter">The name of the parameter.</param>
    /// <param name="typed">What the user typed; null when it was the number.</param>
    public static void Require(long bytes, string parameter, string? typed = null)
    {
        if (bytes >= Smallest)
            return;
        string number = bytes.ToString(CultureInfo.InvariantCulture);
        typed ??= number;
        throw new EmuException(
            ErrorIds.SizeTooSmall, $"-{parameter} {typed} is {number} bytes, less than 1 MiB.",
            bytes > 0 && typed == number ? $"For {number} MiB write {number}MB." : "Write a size such as 512MB.", category: ErrorCategory.InvalidArgument);
    }
}
