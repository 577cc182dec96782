using System;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>A call to the host's kernel failed; carries its error number and its words for it.</summary>
public sealed class HostCallException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="call">The name of the call.</param>
    /// <param name="error">The host's error number.</param>
    public HostCallException(string call, int error)
        : base($"{call}: {Marshal.GetPInvokeErrorMessage(error)}")
    {
        Error = error;
        ErrorText = Marshal.GetPInvokeErrorMessage(error);
    }

    /// <summary>The host's error number (errno, or the Windows error code).</summary>
    public int Error { get; }

    /// <summary>The host's words, for example <c>Cannot allocate memory</c>.</summary>
    public string ErrorText { get; }
}
