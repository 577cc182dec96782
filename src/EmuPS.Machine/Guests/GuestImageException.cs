using System;

namespace EmuPS.Machine.Guests;

/// <summary>A guest image could not be made or found.</summary>
public sealed class GuestImageException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="errorId">The stable name of this kind of error.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="innerException">The cause.</param>
    public GuestImageException(string errorId, string message, string remedy, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Remedy = remedy;
    }

    /// <summary>The stable name of this kind of error.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }
}
