namespace EmuPS.Machine.AcpiTables;

/// <content>What methods do: operators and control flow.</content>
internal static partial class Aml
{
    /// <summary>Stores a value.</summary>
    public static byte[] Store(byte[] value, byte[] target) => [0x70, .. value, .. target];

    /// <summary>Adds; the sum goes to the target.</summary>
    public static byte[] Add(byte[] left, byte[] right, byte[] target) => [0x72, .. left, .. right, .. target];

    /// <summary>Subtracts; the difference goes to the target.</summary>
    public static byte[] Subtract(byte[] left, byte[] right, byte[] target) => [0x74, .. left, .. right, .. target];

    /// <summary>Adds one to a variable.</summary>
    public static byte[] Increment(byte[] target) => [0x75, .. target];

    /// <summary>Converts a number or its text to a number.</summary>
    public static byte[] ToInteger(byte[] value, byte[] target) => [0x99, .. value, .. target];

    /// <summary>Compares for equality.</summary>
    public static byte[] Equal(byte[] left, byte[] right) => [0x93, .. left, .. right];

    /// <summary>Compares: left is less than right.</summary>
    public static byte[] Less(byte[] left, byte[] right) => [0x95, .. left, .. right];

    /// <summary>Does something if a condition holds.</summary>
    public static byte[] If(byte[] condition, params byte[][] terms) => [0xA0, .. Package(condition, terms)];

    /// <summary>Follows an <see cref="If"/>.</summary>
    public static byte[] Else(params byte[][] terms) => [0xA1, .. Package([], terms)];

    /// <summary>Repeats while a condition holds.</summary>
    public static byte[] While(byte[] condition, params byte[][] terms) => [0xA2, .. Package(condition, terms)];

    /// <summary>Ends a method with a value.</summary>
    public static byte[] Return(byte[] value) => [0xA4, .. value];

    /// <summary>Tells the operating system something about a device.</summary>
    public static byte[] Notify(string path, byte[] code) => [0x86, .. Path(path), .. code];

    /// <summary>Takes a mutex, waiting as long as it takes.</summary>
    public static byte[] Acquire(string name) => [ExtendedPrefix, 0x23, .. Path(name), 0xFF, 0xFF];

    /// <summary>Releases a mutex.</summary>
    public static byte[] Release(string name) => [ExtendedPrefix, 0x27, .. Path(name)];

    /// <summary>Names four bytes of a buffer.</summary>
    public static byte[] CreateDWordField(string buffer, int offset, string name) =>
        [0x8A, .. Path(buffer), .. Integer((ulong)offset), .. Path(name)];

    /// <summary>Names a range of ports.</summary>
    public static byte[] PortRegion(string name, ushort first, int length) =>
        [ExtendedPrefix, 0x80, .. Path(name), 0x01, .. Integer(first), .. Integer((ulong)length)];

    /// <summary>Names the bits of a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="access">How it is accessed and what happens to its neighbours.</param>
    /// <param name="fields">Names and offsets, ascending.</param>
    public static byte[] Field(string region, FieldAccess access, params AmlField[] fields)
    {
        byte[] list = [];
        int at = 0;
        foreach (AmlField field in fields)
        {
            if (field.FirstBit > at)
            {
                list = [.. list, 0x00, .. FieldLength(field.FirstBit - at)];
            }

            list = [.. list, .. Path(field.Name), .. FieldLength(field.Bits)];
            at = field.FirstBit + field.Bits;
        }

        return [ExtendedPrefix, 0x81, .. Package([.. Path(region), (byte)access], list)];
    }

    private static byte[] FieldLength(int bits) => bits < 0x40 ? [(byte)bits] : [(byte)(0x40 | (bits & 0xF)), (byte)(bits >> 4)];
}
