using System.Globalization;

namespace EmuPS.Core.Addresses;

/// <summary>An address in the guest's physical address space, in bytes. Segmentation and paging are the only functions that produce one from guest input.</summary>
/// <param name="Value">The raw address; any 64-bit value.</param>
public readonly record struct GuestPhysicalAddress(ulong Value)
{
    /// <summary>Returns the address in house format, for example <c>0x1_4000_0000</c>.</summary>
    public override string ToString() => Format(Value);

    /// <summary>Formats a raw address in hexadecimal with an underscore per four digits.</summary>
    /// <param name="value">The raw address.</param>
    public static string Format(ulong value)
    {
        string digits = value.ToString("X", CultureInfo.InvariantCulture);
        int first = digits.Length % 4;
        string text = first == 0 ? string.Empty : digits[..first];
        for (int i = first; i < digits.Length; i += 4)
        {
            text = text.Length == 0 ? digits.Substring(i, 4) : text + "_" + digits.Substring(i, 4);
        }

        return "0x" + text;
    }
}
