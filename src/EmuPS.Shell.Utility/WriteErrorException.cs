using System;

namespace EmuPS.Shell.Utility;

/// <summary>An error that a script reported with nothing but a message.</summary>
public sealed class WriteErrorException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public WriteErrorException(string message)
        : base(message)
    {
    }
}
