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
    public static void Require(long bytes, string parameter)
    {
        if (bytes >= Smallest)
            return;
        throw new EmuException(
            ErrorIds.SizeTooSmall, $"-{parameter} {bytes} is {bytes} bytes, less than 1 MiB.",
            bytes > 0 ? $"For {bytes} MiB write {bytes}MB." : "Write a size such as 512MB.", category: ErrorCategory.InvalidArgument);
    }
}
