using System;

namespace EmuPS.Machine.Guests;

/// <summary>The guest's agent went away or could not do what was asked.</summary>
public sealed class GuestAgentException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="errorId">The stable name of this kind of error.</param>
    /// <param name="message">What went wrong.</param>
    public GuestAgentException(string errorId, string message)
        : base(message) => ErrorId = errorId;

    /// <summary>The stable name of this kind of error.</summary>
    public string ErrorId { get; }
}
