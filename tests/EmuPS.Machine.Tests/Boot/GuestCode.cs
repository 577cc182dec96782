using System;
using System.Buffers.Binary;

namespace EmuPS.Machine.Tests.Boot;

/// <summary>Tiny Multiboot kernels made of a few bytes of machine code.</summary>
internal static class GuestCode
{
    private const uint Base = 0x10_0000;

    /// <summary>A kernel whose header holds its addresses and that begins with the code.</summary>
    public static byte[] Multiboot(ReadOnlySpan<byte> code)
    {
        const uint Magic = 0x1BAD_B002;
        const uint Flags = 0x1_0003;
        byte[] file = new byte[32 + code.Length];
        Put(0, Magic);
        Put(4, Flags);
        Put(8, unchecked(0u - Magic - Flags));
        Put(12, Base);
        Put(16, Base);
        Put(20, Base + (uint)file.Length);
        Put(24, Base + 0x1000);
        Put(28, Base + 32);
        code.CopyTo(file.AsSpan(32));
        return file;

        void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
    }

    /// <summary>Writes a byte to a port, and halts for good.</summary>
    public static byte[] WritePort(byte value, ushort port) =>
        Multiboot([0xB0, value, 0x66, 0xBA, (byte)port, (byte)(port >> 8), 0xEE, 0xFA, 0xF4, 0xEB, 0xFD]);

    /// <summary>Writes EAX, the loader's magic number, to the debug exit.</summary>
    public static byte[] ExitWithMagic => Multiboot([0xE7, 0xF4, 0xFA, 0xF4, 0xEB, 0xFD]);

    /// <summary>Divides by zero without an interrupt table: a triple fault.</summary>
    public static byte[] TripleFault => Multiboot([0x31, 0xC9, 0x0F, 0x01, 0x1D, 0x00, 0x08, 0x00, 0x00, 0xF7, 0xF1]);
}
