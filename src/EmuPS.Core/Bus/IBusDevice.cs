namespace EmuPS.Core.Bus;

/// <summary>A device that answers on the port or memory bus. It sees offsets from its own base and never knows where it was placed.</summary>
/// <remarks>Called under the machine's device lock. Guest input never makes it throw: a wrong width or an unknown offset is answered as hardware would, usually with all ones.</remarks>
public interface IBusDevice
{
    /// <summary>Reads <paramref name="size"/> bytes.</summary>
    /// <param name="offset">Offset from the start of the mapped range.</param>
    /// <param name="size">1, 2, 4 or (memory bus only) 8.</param>
    /// <returns>The value in the low bytes; higher bits are ignored.</returns>
    ulong Read(ulong offset, int size);

    /// <summary>Writes <paramref name="size"/> bytes.</summary>
    /// <param name="offset">Offset from the start of the mapped range.</param>
    /// <param name="size">1, 2, 4 or (memory bus only) 8.</param>
    /// <param name="value">The value in the low bytes; higher bits are zero.</param>
    void Write(ulong offset, int size, ulong value);
}
