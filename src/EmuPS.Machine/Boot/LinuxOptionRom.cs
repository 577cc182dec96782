using System;
using System.Buffers.Binary;
using EmuPS.Machine.AcpiTables;

namespace EmuPS.Machine.Boot;

/// <summary>An option ROM that a PC's BIOS takes for a boot device: it copies the kernel that fw_cfg offers to where it belongs, and starts it by the 16-bit boot protocol.</summary>
/// <remarks>QEMU has one of the same name. Firmware that looks at fw_cfg's kernel itself has no use for it.</remarks>
internal static class LinuxOptionRom
{
    /// <summary>The name of the file in fw_cfg. A BIOS installs every ROM whose name begins as this one.</summary>
    public const string FileName = "genroms/linuxboot_dma.bin";

    /// <summary>How the file <c>bootorder</c> calls it.</summary>
    public const string BootDevice = "/rom@" + FileName;

    // Option ROMs come in units of this size.
    private const int Size = 512;
    private const int PlugAndPlayPointer = 0x1A;
    private const int PlugAndPlayHeader = 0x20;
    private const int PlugAndPlayLength = 0x20;
    private const int Entry = 0x40;
    private const int ProductName = 0xE0;

    /// <summary>The ROM (Plug and Play BIOS specification 1.0a, 3.1 and 3.2).</summary>
    public static byte[] Make()
    {
        byte[] rom = new byte[Size];

        // The signature, the length in units, and the initialisation, which is a far return.
        new byte[] { 0x55, 0xAA, 1, 0xCB }.CopyTo(rom, 0);
        rom[PlugAndPlayPointer] = PlugAndPlayHeader;
        Span<byte> header = rom.AsSpan(PlugAndPlayHeader, PlugAndPlayLength);
        "$PnP"u8.CopyTo(header);
        header[4] = 1;
        header[5] = PlugAndPlayLength / 16;
        BinaryPrimitives.WriteUInt16LittleEndian(header[0x10..], ProductName);
        BinaryPrimitives.WriteUInt16LittleEndian(header[0x1A..], Entry);
        header[9] = TableWriter.Checksum(header);
        Code.CopyTo(rom.AsSpan(Entry));
        "Linux from fw_cfg\0"u8.CopyTo(rom.AsSpan(ProductName));
        rom[^1] = TableWriter.Checksum(rom);
        return rom;
    }

    /// <summary>16-bit code for offset 0x40. Its DMA command lies at 0x7000, its stack below that.</summary>
    private static ReadOnlySpan<byte> Code =>
    [
        0xFA, 0xFC,                                           // cli; cld
        0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0,                   // xor ax, ax; mov ds, ax; mov ss, ax
        0xBC, 0x00, 0x70,                                     // mov sp, 0x7000
        0xBE, 0xBF, 0x00,                                     // mov si, parts

        // next: address and size, which the reader leaves in big-endian order, as the command has them
        0x2E, 0x8B, 0x04, 0x85, 0xC0, 0x74, 0x52,             // mov ax, cs:[si]; test ax, ax; jz go
        0xE8, 0x3F, 0x00, 0x66, 0xA3, 0x0C, 0x70,             // call read; mov [0x700C], eax
        0x2E, 0x8B, 0x44, 0x02,                               // mov ax, cs:[si+2]
        0xE8, 0x34, 0x00, 0x66, 0xA3, 0x04, 0x70,             // call read; mov [0x7004], eax

        // the item's key, select and read
        0x2E, 0x8B, 0x44, 0x04, 0x86, 0xE0, 0xA3, 0x00, 0x70, // mov ax, cs:[si+4]; xchg al, ah; mov [0x7000], ax
        0xC7, 0x06, 0x02, 0x70, 0x00, 0x0A,                   // mov word [0x7002], 0x0A00
        0x66, 0xC7, 0x06, 0x08, 0x70, 0x00, 0x00, 0x00, 0x00, // mov dword [0x7008], 0
        0x66, 0xB8, 0x00, 0x00, 0x70, 0x00,                   // mov eax, 0x00700000
        0xBA, 0x18, 0x05, 0x66, 0xEF,                         // mov dx, 0x518; out dx, eax
        0x83, 0xC6, 0x06,                                     // add si, 6
        0x66, 0x83, 0x3E, 0x00, 0x70, 0x00, 0x74, 0xB9,       // cmp dword [0x7000], 0; je next
        0xCD, 0x18,                                           // int 0x18: the BIOS tries another device

        // read: the item of key AX, four bytes, the first one highest
        0xBA, 0x10, 0x05, 0xEF, 0x42, 0xB9, 0x04, 0x00,       // mov dx, 0x510; out dx, ax; inc dx; mov cx, 4
        0x66, 0xC1, 0xE0, 0x08, 0xEC, 0xE2, 0xF9, 0xC3,       // again: shl eax, 8; in al, dx; loop again; ret

        // go: all segments at the setup code, which begins 0x20 paragraphs on
        0xB8, 0x00, 0x10, 0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xE0, // mov ax, 0x1000; mov ds, ax; mov es, ax; mov fs, ax
        0x8E, 0xE8, 0x8E, 0xD0,                               // mov gs, ax; mov ss, ax
        0x66, 0xBC, 0xF0, 0xFF, 0x00, 0x00,                   // mov esp, 0xFFF0
        0xEA, 0x00, 0x00, 0x20, 0x10,                         // jmp 0x1020:0

        // parts: the keys of address, size and data of setup, command line, kernel, initial RAM disk
        0x16, 0, 0x17, 0, 0x18, 0, 0x13, 0, 0x14, 0, 0x15, 0,
        0x07, 0, 0x08, 0, 0x11, 0, 0x0A, 0, 0x0B, 0, 0x12, 0,
        0, 0,
    ];
}
