using System;
using System.Management.Automation;

namespace EmuPS.Errors;

/// <summary>An error of EmuPS as a script can catch it; the error record's id says which.</summary>
public sealed class EmuException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="errorId">The stable name of this kind of error, from <see cref="ErrorIds"/> or the engine.</param>
    /// <param name="message">What went wrong; QEMU's words where QEMU has words for it.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="innerException">The engine's own error.</param>
    /// <param name="category">PowerShell's word for this kind of error.</param>
    public EmuException(
        string errorId, string message, string? remedy = null, Exception? innerException = null, ErrorCategory category = ErrorCategory.InvalidOperation)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Remedy = remedy;
        Category = category;
    }

    /// <summary>PowerShell's word for this kind of error.</summary>
    public ErrorCategory Category { get; }

    /// <summary>The stable name of this kind of error.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do about it; null when there is nothing to say.</summary>
    public string? Remedy { get; }
}
