namespace EmuPS.Machine.Guests;

/// <summary>Where a piece of a guest command's output came from.</summary>
public enum GuestStream
{
    /// <summary>Standard output.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}
