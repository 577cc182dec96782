using System;
using System.Buffers.Binary;
using System.Text;

namespace EmuPS.Machine.AcpiTables;

/// <summary>Terms of the ACPI Machine Language (ACPI 6.5, chapter 20). Each method gives the bytes of one term; terms nest as their arguments do.</summary>
internal static partial class Aml
{
    private const byte RootPrefix = (byte)'\\';
    private const byte DualNamePrefix = 0x2E;
    private const byte MultiNamePrefix = 0x2F;
    private const byte ExtendedPrefix = 0x5B;

    /// <summary>The constant 0.</summary>
    public static byte[] Zero => [0x00];

    /// <summary>The constant 1.</summary>
    public static byte[] One => [0x01];

    /// <summary>A method's local variable, 0 to 7.</summary>
    public static byte[] Local(int index) => [(byte)(0x60 + index)];

    /// <summary>A method's argument, 0 to 6.</summary>
    public static byte[] Arg(int index) => [(byte)(0x68 + index)];

    /// <summary>A number in its shortest form.</summary>
    public static byte[] Integer(ulong value)
    {
        byte[] bytes = new byte[9];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), value);
        (byte prefix, int length) = value switch
        {
            0 => ((byte)0x00, 0),
            1 => ((byte)0x01, 0),
            <= byte.MaxValue => ((byte)0x0A, 1),
            <= ushort.MaxValue => ((byte)0x0B, 2),
            <= uint.MaxValue => ((byte)0x0C, 4),
            _ => ((byte)0x0E, 8),
        };
        bytes[0] = prefix;
        return bytes[..(1 + length)];
    }

    /// <summary>A string of ASCII characters.</summary>
    public static byte[] Text(string value) => [0x0D, .. Encoding.ASCII.GetBytes(value), 0];

    /// <summary>The compressed form of a plug-and-play identifier such as <c>PNP0C80</c>, as a number.</summary>
    public static byte[] EisaId(string id)
    {
        uint maker = ((uint)(id[0] - '@') << 10) | ((uint)(id[1] - '@') << 5) | (uint)(id[2] - '@');
        uint product = Convert.ToUInt32(id[3..], 16);
        return Integer(BinaryPrimitives.ReverseEndianness((maker << 16) | product));
    }

    /// <summary>A path of names: segments of up to four characters, separated by dots, from the root when it begins with a backslash.</summary>
    public static byte[] Path(string path)
    {
        bool fromRoot = path[0] == '\\';
        string[] segments = path[(fromRoot ? 1 : 0)..].Split('.', StringSplitOptions.RemoveEmptyEntries);
        byte[] root = fromRoot ? [RootPrefix] : [];
        byte[] prefix = segments.Length switch
        {
            0 => [0],
            1 => [],
            2 => [DualNamePrefix],
            _ => [MultiNamePrefix, (byte)segments.Length],
        };
        byte[] names = new byte[4 * segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            Encoding.ASCII.GetBytes(segments[i].PadRight(4, '_'), names.AsSpan(4 * i));
        }

        return [.. root, .. prefix, .. names];
    }

    /// <summary>Names a value.</summary>
    public static byte[] Name(string name, byte[] value) => [0x08, .. Path(name), .. value];

    /// <summary>Opens an existing place in the namespace.</summary>
    public static byte[] Scope(string path, params byte[][] terms) => [0x10, .. Package(Path(path), terms)];

    /// <summary>Makes a device.</summary>
    public static byte[] Device(string name, params byte[][] terms) => [ExtendedPrefix, 0x82, .. Package(Path(name), terms)];

    /// <summary>Makes a mutex.</summary>
    public static byte[] Mutex(string name) => [ExtendedPrefix, 0x01, .. Path(name), 0];

    /// <summary>Makes a method.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">0 to 7.</param>
    /// <param name="serialized">True for a method that makes names and must not run twice at once.</param>
    /// <param name="terms">What it does.</param>
    public static byte[] Method(string name, int arguments, bool serialized, params byte[][] terms) =>
        [0x14, .. Package([.. Path(name), (byte)(arguments | (serialized ? 8 : 0))], terms)];

    /// <summary>Calls a method.</summary>
    public static byte[] Call(string path, params byte[][] arguments) => [.. Path(path), .. Join(arguments)];

    /// <summary>A list of values.</summary>
    public static byte[] List(params byte[][] elements) => [0x12, .. Package([(byte)elements.Length], elements)];

    /// <summary>Bytes.</summary>
    public static byte[] Buffer(byte[] bytes) => [0x11, .. Package(Integer((ulong)bytes.Length), bytes)];

    /// <summary>Puts terms one after the other.</summary>
    public static byte[] Join(params byte[][] terms)
    {
        int length = 0;
        foreach (byte[] term in terms)
        {
            length += term.Length;
        }

        byte[] joined = new byte[length];
        int at = 0;
        foreach (byte[] term in terms)
        {
            term.CopyTo(joined, at);
            at += term.Length;
        }

        return joined;
    }

    /// <summary>Puts the length in front of a term's contents; the length counts itself.</summary>
    private static byte[] Package(byte[] head, params byte[][] terms)
    {
        byte[] body = [.. head, .. Join(terms)];
        return [.. PackageLength(body.Length), .. body];
    }

    private static byte[] PackageLength(int bodyLength)
    {
        if (bodyLength + 1 < 0x40)
        {
            return [(byte)(bodyLength + 1)];
        }

        int extra = bodyLength + 2 < 0x1000 ? 1 : bodyLength + 3 < 0x10_0000 ? 2 : 3;
        int length = bodyLength + 1 + extra;
        byte[] encoded = new byte[1 + extra];
        encoded[0] = (byte)((extra << 6) | (length & 0xF));
        for (int i = 1; i <= extra; i++)
        {
            encoded[i] = (byte)(length >> (4 + (8 * (i - 1))));
        }

        return encoded;
    }
}
