using System;
using System.Buffers.Binary;
using System.IO;
using System.Numerics;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A static 32-bit Linux program, made without tools: a loop of calls with arguments on the stack and thread-local data behind GS, whose sum it writes with INT 80h.</summary>
internal static class NarrowProgram
{
    /// <summary>Rounds of the loop.</summary>
    public const uint Rounds = 100_000;

    private const uint Load = 0x0804_8000;
    private const uint HeaderSize = 0x34 + 0x20;
    private const uint Descriptor = Load + 0x1000;
    private const uint Text = Load + 0x1020;
    private const uint ThreadData = Load + 0x1100;
    private const int Write = 4;
    private const int Exit = 1;
    private const int SetThreadArea = 243;

    /// <summary>What the program writes.</summary>
    public static string Expected()
    {
        uint sum = 0;
        uint counter = 0;
        for (uint n = Rounds; n > 0; n--)
        {
            counter += n;
            sum = BitOperations.RotateLeft(sum, 5) ^ ((n * n) + counter);
        }

        return sum.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A shell command that makes the file.</summary>
    /// <param name="path">Where to.</param>
    public static string WriteCommand(string path)
    {
        StringBuilder octal = new();
        foreach (byte value in Make())
        {
            octal.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
        }

        return $"printf '{octal}' > {path} && chmod 755 {path}";
    }

    private static byte[] Make()
    {
        using MemoryStream code = new();
        Assembler a = new(32);
        WriteCode(a);
        a.Assemble(new StreamCodeWriter(code), Load + HeaderSize);
        byte[] file = new byte[HeaderSize + code.Length];
        code.ToArray().CopyTo(file, (int)HeaderSize);

        // ELF32, little-endian; executable for the 80386; one segment that is everything.
        byte[] identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1];
        identity.CopyTo(file, 0);
        Half(file, 0x10, 2);
        Half(file, 0x12, 3);
        Word(file, 0x14, 1);
        Word(file, 0x18, Load + HeaderSize);
        Word(file, 0x1C, 0x34);
        Half(file, 0x28, 0x34);
        Half(file, 0x2A, 0x20);
        Half(file, 0x2C, 1);
        Word(file, 0x34, 1);
        Word(file, 0x3C, Load);
        Word(file, 0x40, Load);
        Word(file, 0x44, (uint)file.Length);
        Word(file, 0x48, 0x2000);
        Word(file, 0x4C, 7);
        Word(file, 0x50, 0x1000);
        return file;
    }

    private static void WriteCode(Assembler a)
    {
        Label loop = a.CreateLabel();
        Label function = a.CreateLabel();
        Label digit = a.CreateLabel();
        Label small = a.CreateLabel();

        // A segment of 4 GiB at the thread's data: any entry, limit in pages, 32 bits, usable.
        a.mov(__dword_ptr[Descriptor], -1);
        a.mov(__dword_ptr[Descriptor + 4], ThreadData);
        a.mov(__dword_ptr[Descriptor + 8], 0xF_FFFF);
        a.mov(__dword_ptr[Descriptor + 12], 0x51);
        a.mov(eax, SetThreadArea);
        a.mov(ebx, Descriptor);
        a.@int(0x80);
        a.mov(eax, __dword_ptr[Descriptor]);
        a.lea(eax, __[(eax * 8) + 3]);
        a.mov(gs, eax);
        a.xor(edi, edi);
        a.mov(esi, Rounds);
        a.Label(ref loop);
        a.push(esi);
        a.call(function);
        a.pop(ecx);
        a.rol(edi, 5);
        a.xor(edi, eax);
        a.dec(esi);
        a.jnz(loop);
        a.mov(ecx, 8);
        a.mov(esi, Text);
        a.Label(ref digit);
        a.rol(edi, 4);
        a.mov(eax, edi);
        a.and(eax, 15);
        a.add(eax, '0');
        a.cmp(al, (sbyte)'9');
        a.jbe(small);
        a.add(al, 'a' - '9' - 1);
        a.Label(ref small);
        a.mov(__byte_ptr[esi], al);
        a.inc(esi);
        a.dec(ecx);
        a.jnz(digit);
        a.mov(eax, Write);
        a.mov(ebx, 1);
        a.mov(ecx, Text);
        a.mov(edx, 8);
        a.@int(0x80);
        a.mov(eax, Exit);
        a.xor(ebx, ebx);
        a.@int(0x80);
        a.Label(ref function);
        a.push(ebp);
        a.mov(ebp, esp);
        a.mov(eax, __dword_ptr[ebp + 8]);
        a.add(__dword_ptr.gs[0], eax);
        a.imul(eax, eax);
        a.add(eax, __dword_ptr.gs[0]);
        a.leave();
        a.ret();
    }

    private static void Half(byte[] file, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void Word(byte[] file, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
