using System;
using System.Management.Automation;

namespace EmuPS.Commands;

/// <summary>Takes a time to wait in seconds: from 0 to <see cref="Deadline.LongestSeconds"/>, or -1 for ever.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateTimeoutAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not (double and (-1 or (>= 0 and <= Deadline.LongestSeconds))))
        {
            throw new ValidationMetadataException(
                $"{arguments} is not a time to wait. Write a number of seconds from 0 to {Deadline.LongestSeconds}, or -1 to wait for ever.");
        }
    }
}
