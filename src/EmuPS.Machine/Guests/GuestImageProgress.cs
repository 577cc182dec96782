namespace EmuPS.Machine.Guests;

/// <summary>How far the making of a guest image is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Percent">How much of the whole is done, 0 to 100.</param>
public readonly record struct GuestImageProgress(string Activity, int Percent);
