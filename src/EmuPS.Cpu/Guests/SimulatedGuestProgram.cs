using System;
using System.Buffers.Binary;

namespace EmuPS.Cpu.Guests;

/// <summary>The tiny guest of our own: it boots in milliseconds and answers memory events as the mailbox tells it.</summary>
/// <remarks>
/// It runs real instructions: it takes the SCI through the I/O APIC, scans the slots and answers as Linux does, in Linux's order.
/// It writes a line to the first serial port for each thing it does, and <c>EMUPS-READY</c> when it listens.
/// </remarks>
public static class SimulatedGuestProgram
{
    private const int ElfHeaderLength = 64;
    private const int ProgramHeaderLength = 56;
    private const int NoteLength = 24;
    private const int FileHeaderLength = 0x1000;
    private const int StoredLength = (int)(SimulatedGuestLayout.Delays - SimulatedGuestLayout.ImageBase);
    private const int IdtEntries = 256;

    private static readonly Lazy<(byte[] Image, ulong EntryPoint)> _built = new(Build);

    /// <summary>What lies at <see cref="SimulatedGuestLayout.ImageBase"/>; the rest up to the end is zero.</summary>
    public static ReadOnlyMemory<byte> Image => _built.Value.Image;

    /// <summary>Where it begins, in 64-bit mode with itself mapped one to one, interrupts off, on any stack and with any registers.</summary>
    public static ulong EntryPoint => _built.Value.EntryPoint;

    /// <summary>Where it begins in 32-bit protected mode with flat segments and without paging.</summary>
    public static uint EntryPoint32 => SimulatedGuestLayout.StartIn32Bit;

    /// <summary>The guest as a 64-bit ELF kernel, with a PVH note for loaders that want one.</summary>
    public static byte[] ToElf()
    {
        byte[] elf = new byte[FileHeaderLength + StoredLength];
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(elf);
        Put16(elf, 16, 2);
        Put16(elf, 18, 62);
        Put32(elf, 20, 1);
        Put64(elf, 24, EntryPoint);
        Put64(elf, 32, ElfHeaderLength);
        Put16(elf, 52, ElfHeaderLength);
        Put16(elf, 54, ProgramHeaderLength);
        Put16(elf, 56, 2);

        const int NoteOffset = ElfHeaderLength + (2 * ProgramHeaderLength);
        Segment(elf.AsSpan(ElfHeaderLength), 1, FileHeaderLength, SimulatedGuestLayout.ImageBase, StoredLength,
            SimulatedGuestLayout.End - SimulatedGuestLayout.ImageBase, 0x1000);
        Segment(elf.AsSpan(ElfHeaderLength + ProgramHeaderLength), 4, NoteOffset, 0, NoteLength, NoteLength, 4);
        Span<byte> note = elf.AsSpan(NoteOffset, NoteLength);
        Put32(note, 0, 4);
        Put32(note, 4, 8);
        Put32(note, 8, 18);
        "Xen\0"u8.CopyTo(note[12..]);
        Put64(note, 16, EntryPoint32);
        Image.Span.CopyTo(elf.AsSpan(FileHeaderLength));
        return elf;
    }

    private static (byte[] Image, ulong EntryPoint) Build()
    {
        (byte[] code, ulong start, ulong onTimer, ulong onSci, ulong onSpurious, ulong onFault) = new SimulatedGuestCode().Encode();
        byte[] image = new byte[StoredLength];
        if (code.Length > At(SimulatedGuestLayout.Descriptors))
            throw new InvalidOperationException("The simulated guest's code has outgrown its place.");
        code.CopyTo(image, 0);
        SimulatedGuestCode.Encode32BitStart(start).CopyTo(image, At(SimulatedGuestLayout.StartIn32Bit));

        Span<byte> descriptors = image.AsSpan(At(SimulatedGuestLayout.Descriptors));
        Put64(descriptors, 8, 0x00AF_9A00_0000_FFFF);
        Put64(descriptors, 16, 0x00CF_9200_0000_FFFF);
        Pointer(image, SimulatedGuestLayout.GdtPointer, SimulatedGuestLayout.Descriptors, 3 * 8);
        Pointer(image, SimulatedGuestLayout.IdtPointer, SimulatedGuestLayout.Idt, IdtEntries * 16);
        for (int vector = 0; vector < IdtEntries; vector++)
        {
            ulong handler = vector switch
            {
                SimulatedGuestCode.TimerVector => onTimer,
                SimulatedGuestCode.SciVector => onSci,
                < 32 => onFault,
                _ => onSpurious,
            };
            Span<byte> gate = image.AsSpan(At(SimulatedGuestLayout.Idt) + (16 * vector), 16);
            Put64(gate, 0, (handler & 0xFFFF) | (0x08UL << 16) | (0x8E00UL << 32) | ((handler >> 16 & 0xFFFF) << 48));
        }

        MapFirst4GiB(image);
        InitialiseMailbox(image.AsSpan(At(SimulatedGuestLayout.Mailbox)));
        return (image, start);
    }

    private static void MapFirst4GiB(byte[] image)
    {
        Span<byte> tables = image.AsSpan(At(SimulatedGuestLayout.PageTables));
        Put64(tables, 0, (SimulatedGuestLayout.PageTables + 0x1000) | 3);
        for (int gigabyte = 0; gigabyte < 4; gigabyte++)
            Put64(tables, 0x1000 + (8 * gigabyte), (SimulatedGuestLayout.PageTables + 0x2000 + (0x1000UL * (uint)gigabyte)) | 3);
        for (int page = 0; page < 4 * 512; page++)
            Put64(tables, 0x2000 + (8 * page), ((ulong)page << 21) | 0x83);
    }

    private static void InitialiseMailbox(Span<byte> mailbox)
    {
        Put32(mailbox, 0, SimulatedGuestLayout.MailboxMagic);
        Put32(mailbox, 4, 1);
        Put32(mailbox, SimulatedGuestLayout.RemoveRefusedStatus, 0x82);
        Put32(mailbox, SimulatedGuestLayout.InsertRefusedStatus, 1);
        Put32(mailbox, SimulatedGuestLayout.SlotCount, 256);
        mailbox.Slice(SimulatedGuestLayout.SlotRemovePolicies, 256).Fill(SimulatedGuestLayout.GeneralPolicy);
        mailbox.Slice(SimulatedGuestLayout.SlotInsertPolicies, 256).Fill(SimulatedGuestLayout.GeneralPolicy);
    }

    private static void Segment(Span<byte> header, uint type, ulong offset, ulong address, ulong stored, ulong length, ulong alignment)
    {
        Put32(header, 0, type);
        Put32(header, 4, 7);
        Put64(header, 8, offset);
        Put64(header, 16, address);
        Put64(header, 24, address);
        Put64(header, 32, stored);
        Put64(header, 40, length);
        Put64(header, 48, alignment);
    }

    private static void Pointer(byte[] image, uint at, uint table, int length)
    {
        Put16(image.AsSpan(At(at)), 0, (ushort)(length - 1));
        Put64(image.AsSpan(At(at)), 2, table);
    }

    private static int At(uint address) => (int)(address - SimulatedGuestLayout.ImageBase);

    private static void Put16(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Put32(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static void Put64(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}
