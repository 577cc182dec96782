namespace EmuPS.Core.Lines;

/// <summary>A wire from a device to whatever it drives: an interrupt input, a reset, a power button.</summary>
public interface ILine
{
    /// <summary>Drives the wire. Setting the level it already has does nothing. Called under the device lock.</summary>
    /// <param name="asserted">True for the active level.</param>
    void Set(bool asserted);
}
