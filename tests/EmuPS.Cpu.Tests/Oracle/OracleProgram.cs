using System;
using System.IO;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Assembles the oracle: a static ELF64 program that runs case after case on the real processor.</summary>
/// <remarks>
/// Every case ends in an exception, at the latest that of the INT3 behind its code. The signal handler takes the whole state out of the signal
/// frame, puts the next case's state into the frame and returns: the kernel's sigreturn loads registers, flags, code segment and vector state, and
/// the next exception stores them. So nothing of the state is lost to code of our own. One byte on standard output says a batch is
/// done, one byte on standard input starts the next.
/// </remarks>
internal static class OracleProgram
{
    private const int SysWrite = 1;
    private const int SysOpen = 2;
    private const int SysMmap = 9;
    private const int SysSigaction = 13;
    private const int SysSigreturn = 15;
    private const int SysExit = 60;
    private const int SysSigaltstack = 131;
    private const int SysArchPrctl = 158;
    private const int ArchSetGs = 0x1001;
    private const int ArchSetFs = 0x1002;
    private const int MapShared = 0x11;
    private const int MapPrivate = 0x32;
    private const int HandlerFlags = 0x0C00_0004;

    // Offsets in the kernel's struct ucontext.
    private const int ContextRegisters = 40;
    private const int ContextPointerToVectorState = 224;
    private const int InputQwords = 19;
    private const int OutputQwords = 23;
    private const int ElfHeaderSize = 0x78;

    /// <summary>Offset of the YMM halves in the XSAVE area of a signal frame, or 0 when the host has none.</summary>
    public static int YmmHighOffset { get; } = Avx.IsSupported ? X86Base.CpuId(0xD, 2).Ebx : 0;

    /// <summary>Writes the program.</summary>
    /// <returns>The ELF file.</returns>
    public static byte[] Build()
    {
        Assembler c = new(64);
        Write(c);
        using MemoryStream stream = new();
        c.Assemble(new StreamCodeWriter(stream), OracleLayout.ProgramBase + ElfHeaderSize);
        byte[] code = stream.ToArray();
        byte[] file = new byte[ElfHeaderSize + code.Length];
        code.CopyTo(file, ElfHeaderSize);
        WriteHeader(file);
        return file;
    }

    private static void WriteHeader(byte[] file)
    {
        // ELF64, little-endian, executable for x86-64; one segment that holds the file (System V ABI, ELF-64 object file format).
        using BinaryWriter writer = new(new MemoryStream(file));
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)2);
        writer.Write((ushort)62);
        writer.Write(1);
        writer.Write((ulong)OracleLayout.ProgramBase + ElfHeaderSize);
        writer.Write(64UL);
        writer.Write(0UL);
        writer.Write(0);
        writer.Write((ushort)64);
        writer.Write((ushort)56);
        writer.Write((ushort)1);
        writer.Write((ushort)64);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(1);
        writer.Write(5);
        writer.Write(0UL);
        writer.Write((ulong)OracleLayout.ProgramBase);
        writer.Write((ulong)OracleLayout.ProgramBase);
        writer.Write((ulong)file.Length);
        writer.Write((ulong)file.Length);
        writer.Write(0x1000UL);
    }

    private static void Write(Assembler c)
    {
        Label handler = c.CreateLabel("handler");
        Label restorer = c.CreateLabel("restorer");
        Label failed = c.CreateLabel("failed");

        c.mov(rdi, __qword_ptr[rsp + 16]);
        c.mov(esi, 2);
        c.xor(edx, edx);
        Call(c, SysOpen, failed);
        c.mov(r8, rax);
        Map(c, OracleLayout.SharedBase, OracleLayout.SharedSize, 3, MapShared, failed);
        c.mov(r8, -1L);
        Map(c, OracleLayout.CodeBase, 0x1000, 7, MapPrivate, failed);
        Map(c, OracleLayout.DataBase, OracleLayout.DataSize, 3, MapPrivate, failed);
        Map(c, OracleLayout.SignalStackBase, OracleLayout.SignalStackSize, 3, MapPrivate, failed);
        c.mov(edi, OracleLayout.CodeBase);
        c.mov(ecx, 0x1000);
        c.mov(al, 0xCC);
        c.rep.stosb();

        c.mov(edi, ArchSetFs);
        c.mov(esi, OracleLayout.FsBase);
        Call(c, SysArchPrctl, failed);
        c.mov(edi, ArchSetGs);
        c.mov(esi, OracleLayout.GsBase);
        Call(c, SysArchPrctl, failed);

        // 32-bit code needs real data segments; 64-bit code does not look at them.
        c.mov(eax, (uint)OracleLayout.DataSelector);
        c.mov(ds, eax);
        c.mov(es, eax);

        c.push(OracleLayout.SignalStackSize);
        c.push(0);
        c.mov(rax, OracleLayout.SignalStackBase);
        c.push(rax);
        c.mov(rdi, rsp);
        c.xor(esi, esi);
        Call(c, SysSigaltstack, failed);

        c.push(0);
        c.lea(rax, __qword_ptr[restorer]);
        c.push(rax);
        c.push(HandlerFlags);
        c.lea(rax, __qword_ptr[handler]);
        c.push(rax);

        // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV.
        foreach (int signal in (ReadOnlySpan<int>)[4, 5, 7, 8, 11])
        {
            c.mov(edi, signal);
            c.mov(rsi, rsp);
            c.xor(edx, edx);
            c.mov(r10d, 8);
            Call(c, SysSigaction, failed);
        }

        // No case and no count: the handler asks for the first batch.
        c.mov(rax, -1L);
        c.mov(__qword_ptr[(long)OracleLayout.SharedBase + OracleLayout.IndexOffset], rax);
        c.xor(eax, eax);
        c.mov(__qword_ptr[(long)OracleLayout.SharedBase + OracleLayout.CountOffset], rax);
        c.int3();

        c.Label(ref failed);
        c.mov(edi, 1);
        c.mov(eax, SysExit);
        c.syscall();

        c.Label(ref restorer);
        c.mov(eax, SysSigreturn);
        c.syscall();

        c.Label(ref handler);
        WriteHandler(c);
    }

    private static void WriteHandler(Assembler c)
    {
        Label next = c.CreateLabel("next");
        Label done = c.CreateLabel("done");
        Label run = c.CreateLabel("run");
        Label quit = c.CreateLabel("quit");

        // The code under test may have set AC.
        c.push(2);
        c.popfq();
        c.mov(r15, rdx);
        c.mov(r14d, OracleLayout.SharedBase);
        c.mov(r13, __qword_ptr[r15 + ContextPointerToVectorState]);
        c.cmp(__qword_ptr[r14 + OracleLayout.IndexOffset], 0);
        c.jl(next);

        c.mov(rbx, __qword_ptr[r14 + OracleLayout.ResultPointerOffset]);
        c.mov(rdi, rbx);
        c.lea(rsi, __qword_ptr[r15 + ContextRegisters]);
        c.mov(ecx, OutputQwords);
        c.rep.movsq();
        c.lea(rdi, __qword_ptr[rbx + OracleLayout.FxOffset]);
        c.mov(rsi, r13);
        c.mov(ecx, 512 / 8);
        c.rep.movsq();
        if (YmmHighOffset != 0)
        {
            c.lea(rsi, __qword_ptr[r13 + YmmHighOffset]);
            c.mov(ecx, 256 / 8);
            c.rep.movsq();
        }

        c.lea(rdi, __qword_ptr[rbx + OracleLayout.MiddleOffset]);
        c.mov(esi, OracleLayout.MiddleWindow);
        c.mov(ecx, OracleLayout.MiddleWindowSize / 8);
        c.rep.movsq();
        c.mov(esi, OracleLayout.EndWindow);
        c.mov(ecx, OracleLayout.EndWindowSize / 8);
        c.rep.movsq();
        c.add(rbx, OracleLayout.RecordSize);
        c.mov(__qword_ptr[r14 + OracleLayout.ResultPointerOffset], rbx);
        c.add(__qword_ptr[r14 + OracleLayout.CasePointerOffset], OracleLayout.RecordSize);

        c.Label(ref next);
        c.inc(__qword_ptr[r14 + OracleLayout.IndexOffset]);
        c.mov(rax, __qword_ptr[r14 + OracleLayout.IndexOffset]);
        c.cmp(rax, __qword_ptr[r14 + OracleLayout.CountOffset]);
        c.jae(done);

        c.Label(ref run);
        c.mov(rbx, __qword_ptr[r14 + OracleLayout.CasePointerOffset]);
        c.mov(rsi, rbx);
        c.lea(rdi, __qword_ptr[r15 + ContextRegisters]);
        c.mov(ecx, InputQwords);
        c.rep.movsq();
        c.lea(rsi, __qword_ptr[rbx + OracleLayout.CodeOffset]);
        c.mov(edi, OracleLayout.CodeStart);
        c.mov(ecx, OracleLayout.CodeSize / 8);
        c.rep.movsq();

        // The last 48 bytes of the FXSAVE area belong to the kernel.
        c.lea(rsi, __qword_ptr[rbx + OracleLayout.FxOffset]);
        c.mov(rdi, r13);
        c.mov(ecx, 416 / 8);
        c.rep.movsq();
        if (YmmHighOffset != 0)
        {
            c.lea(rsi, __qword_ptr[rbx + OracleLayout.YmmOffset]);
            c.lea(rdi, __qword_ptr[r13 + YmmHighOffset]);
            c.mov(ecx, 256 / 8);
            c.rep.movsq();
            c.or(__qword_ptr[r13 + 512], 7);
        }

        c.lea(rsi, __qword_ptr[rbx + OracleLayout.MiddleOffset]);
        c.mov(edi, OracleLayout.MiddleWindow);
        c.mov(ecx, OracleLayout.MiddleWindowSize / 8);
        c.rep.movsq();
        c.mov(edi, OracleLayout.EndWindow);
        c.mov(ecx, OracleLayout.EndWindowSize / 8);
        c.rep.movsq();
        c.ret();

        c.Label(ref done);
        c.mov(edi, 1);
        c.lea(rsi, __qword_ptr[rsp - 64]);
        c.mov(edx, 1);
        c.mov(eax, SysWrite);
        c.syscall();
        c.xor(edi, edi);
        c.lea(rsi, __qword_ptr[rsp - 64]);
        c.mov(edx, 1);
        c.xor(eax, eax);
        c.syscall();
        c.cmp(rax, 1);
        c.jne(quit);
        c.xor(eax, eax);
        c.mov(__qword_ptr[r14 + OracleLayout.IndexOffset], rax);
        c.mov(eax, OracleLayout.SharedBase + OracleLayout.CasesOffset);
        c.mov(__qword_ptr[r14 + OracleLayout.CasePointerOffset], rax);
        c.mov(eax, OracleLayout.SharedBase + OracleLayout.ResultsOffset);
        c.mov(__qword_ptr[r14 + OracleLayout.ResultPointerOffset], rax);
        c.jmp(run);

        c.Label(ref quit);
        c.xor(edi, edi);
        c.mov(eax, SysExit);
        c.syscall();
    }

    private static void Call(Assembler c, int number, Label failed)
    {
        c.mov(eax, number);
        c.syscall();
        c.cmp(rax, -4096);
        c.ja(failed);
    }

    private static void Map(Assembler c, long address, int size, int protection, int flags, Label failed)
    {
        c.mov(rdi, address);
        c.mov(esi, size);
        c.mov(edx, protection);
        c.mov(r10d, flags);
        c.xor(r9d, r9d);
        Call(c, SysMmap, failed);
    }
}
