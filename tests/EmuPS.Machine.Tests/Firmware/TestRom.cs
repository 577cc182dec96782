using System;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Machine.Tests.Firmware;

/// <summary>A ROM of our own: it says on the first serial port and on the debug console what it finds, one letter each, and ends by the debug exit.</summary>
/// <remarks>It runs in real mode from F000:0000; the reset vector jumps there. What it counts of its starts lies in RAM, which a reset leaves alone.</remarks>
internal static class TestRom
{
    /// <summary>What it says when all is well: at its first start, which ends with a reset of its own; at the second, at whose end it waits; at the third, which does the rest.</summary>
    public const string First = "1vd", Second = "2vd", Third = "3vdrzcsaewfro";

    /// <summary>The value that it writes to the debug exit.</summary>
    public const byte ExitValue = 0x15;

    private const int CodeSegment = 0xF000;
    private const int CopySegment = 0x1000;
    private const int Data = 0x8000;
    private const int Function = 0x9000;
    private const int SegmentSize = 0x1_0000;
    private const int ResetVector = 0xFFF0;
    private const int Starts = 0x500;
    private const byte RomValue = 0xA5;

    /// <summary>The ROM's contents.</summary>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="shadowsAtReset">Whether RAM is in its place when it asks for the reset. That brings the ROM back as the chip's datasheet has it; QEMU leaves the RAM there.</param>
    public static byte[] Make(int size, bool shadowsAtReset = true)
    {
        byte[] rom = new byte[size];
        Span<byte> segment = rom.AsSpan(size - SegmentSize);
        using MemoryStream code = new();
        Assembler a = new(16);
        WriteCode(a, shadowsAtReset);
        a.Assemble(new StreamCodeWriter(code), 0);
        code.ToArray().CopyTo(segment);
        segment[Data] = RomValue;

        // mov al, 'r'; retf
        new byte[] { 0xB0, (byte)'r', 0xCB }.CopyTo(segment[Function..]);

        // jmp F000:0000
        new byte[] { 0xEA, 0, 0, CodeSegment & 0xFF, CodeSegment >> 8 }.CopyTo(segment[ResetVector..]);
        return rom;
    }

    private static void WriteCode(Assembler a, bool shadowsAtReset)
    {
        Label second = a.CreateLabel();
        Label third = a.CreateLabel();
        a.xor(ax, ax);
        a.mov(ss, ax);
        a.mov(sp, 0x7C00);
        a.mov(ds, ax);

        // Which start it is.
        a.inc(__byte_ptr[Starts]);
        a.mov(al, __byte_ptr[Starts]);
        a.mov(bl, al);
        a.add(al, (sbyte)'0');
        PutAl(a);

        // v: nothing is shadowed after a reset.
        SelectAttributes(a);
        a.@in(al, dx);
        a.test(al, al);
        Say(a, 'v', a.je);

        // d: a write to the ROM is dropped.
        a.mov(ax, CodeSegment);
        a.mov(ds, ax);
        a.mov(__byte_ptr[Data], 0x5A);
        a.cmp(__byte_ptr[Data], RomValue);
        Say(a, 'd', a.je);

        a.cmp(bl, 1);
        a.jne(second);
        Copy(a, CodeSegment, CopySegment);
        JumpTo(a, CopySegment);
        Shadow(a, shadowsAtReset ? (byte)0x30 : (byte)0);
        a.mov(dx, 0xCF9);
        a.mov(al, 6);
        a.@out(dx, al);
        Halt(a);

        a.Label(ref second);
        a.cmp(bl, 2);
        a.jne(third);
        Halt(a);

        a.Label(ref third);
        CallFunction(a);
        Copy(a, CodeSegment, CopySegment);
        JumpTo(a, CopySegment);

        // z: the RAM behind the ROM is another memory, of zeros.
        Shadow(a, 0x30);
        a.cmp(__byte_ptr[Data], 0);
        Say(a, 'z', a.je);

        // c: it takes the copy; s: and a change of its code, also when that had been executed in the ROM.
        Copy(a, CopySegment, CodeSegment);
        a.cmp(__byte_ptr[Data], RomValue);
        Say(a, 'c', a.je);
        JumpTo(a, CodeSegment);
        a.mov(__byte_ptr[Function + 1], (byte)'s');
        CallFunction(a);

        // a: RAM that can only be read.
        Shadow(a, 0x10);
        a.mov(__byte_ptr[Data], 0x33);
        a.cmp(__byte_ptr[Data], RomValue);
        Say(a, 'a', a.je);

        // e: a locked instruction does not write there either, but gives what it read.
        a.mov(al, 1);
        a.@lock.xadd(__byte_ptr[Data], al);
        a.cmp(al, RomValue);
        Say(a, 'e', a.je);

        // w: an area that takes writes shows them, as in QEMU; f: so does it when it is RAM again.
        Shadow(a, 0x20);
        a.mov(__byte_ptr[Data], 0x44);
        a.cmp(__byte_ptr[Data], 0x44);
        Say(a, 'w', a.je);
        Shadow(a, 0x30);
        a.cmp(__byte_ptr[Data], 0x44);
        Say(a, 'f', a.je);

        // r, o: the ROM is as it was.
        Shadow(a, 0x00);
        CallFunction(a);
        a.cmp(__byte_ptr[Data], RomValue);
        Say(a, 'o', a.je);
        a.mov(al, ExitValue);
        a.@out(0xF4, al);
        Halt(a);
    }

    private static void SelectAttributes(Assembler a)
    {
        a.mov(eax, 0x8000_0058u);
        a.mov(dx, 0xCF8);
        a.@out(dx, eax);
        a.mov(dx, 0xCFD);
    }

    private static void Shadow(Assembler a, byte attributes)
    {
        SelectAttributes(a);
        a.mov(al, attributes);
        a.@out(dx, al);
    }

    /// <summary>Says a letter, or its capital when the condition does not hold.</summary>
    private static void Say(Assembler a, char letter, Action<Label> holds)
    {
        Label good = a.CreateLabel();
        a.mov(al, (byte)letter);
        holds(good);
        a.sub(al, 0x20);
        a.Label(ref good);
        PutAl(a);
    }

    private static void PutAl(Assembler a)
    {
        a.mov(dx, 0x3F8);
        a.@out(dx, al);
        a.@out(0xE9, al);
    }

    /// <summary>Copies a segment; DS is F000 afterwards.</summary>
    private static void Copy(Assembler a, int from, int to)
    {
        a.mov(ax, (ushort)to);
        a.mov(es, ax);
        a.mov(ax, (ushort)from);
        a.mov(ds, ax);
        a.xor(si, si);
        a.xor(di, di);
        a.mov(cx, SegmentSize / 4);
        a.cld();
        a.rep.movsd();
        a.mov(ax, CodeSegment);
        a.mov(ds, ax);
    }

    /// <summary>Goes on with the next instruction in another segment.</summary>
    private static void JumpTo(Assembler a, int segment)
    {
        Label next = a.CreateLabel();
        a.push(segment);
        a.call(next);
        a.Label(ref next);

        // The near call left the offset of this pop; past it there are pop, add, push, retf.
        a.pop(ax);
        a.add(ax, 6);
        a.push(ax);
        a.retf();
        a.nop();
    }

    private static void CallFunction(Assembler a)
    {
        a.db(0x9A, Function & 0xFF, Function >> 8, CodeSegment & 0xFF, CodeSegment >> 8);
        PutAl(a);
    }

    private static void Halt(Assembler a)
    {
        Label here = a.CreateLabel();
        a.cli();
        a.Label(ref here);
        a.hlt();
        a.jmp(here);
    }
}
