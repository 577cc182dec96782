using System;
using System.IO;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Privileged;

/// <summary>A guest with a full GDT, a TSS and an IDT: user code, gates, real mode. Programs end in <see cref="Stop"/>.</summary>
internal sealed unsafe class PrivilegedGuest : IDisposable
{
    public const ushort KernelCode = 0x10;
    public const ushort KernelData = 0x18;
    public const ushort UserData = 0x28;
    public const ushort UserCode = 0x30;
    public const ushort Task = 0x38;
    public const ushort Code32 = 0x48;
    public const ushort Code16 = 0x50;
    public const ushort Data16 = 0x58;
    public const ushort Gate = 0x60;
    public const ushort UserCode32 = 0x70;

    public const ulong TaskSegment = 0x5000;
    public const ulong Idt = 0x6000;
    public const ulong UserText = 0x11_0000;
    public const ulong UserStack = 0x21_0000;
    public const ulong RealText = 0x8000;
    public const ulong InnerStack = 0x22_0000;

    public PrivilegedGuest(EntryMode mode, bool translate = true)
    {
        Tiny = new TinyGuest(mode, translate);
        bool wide = mode == EntryMode.Long64;
        SetDescriptor(UserCode, wide ? 0x00AF_FB00_0000_FFFFUL : 0x00CF_FB00_0000_FFFFUL);
        SetDescriptor(UserData, 0x00CF_F300_0000_FFFF);
        SetDescriptor(Code32, wide ? 0x00CF_9B00_0000_FFFFUL : 0x00AF_9B00_0000_FFFFUL);
        SetDescriptor(Code16, 0x0000_9B00_0000_FFFF);
        SetDescriptor(Data16, 0x0000_9300_0000_FFFF);
        SetDescriptor(UserCode32, 0x00CF_FB00_0000_FFFF);
        SetDescriptor(Task, 0x0000_8900_0000_0067 | (TaskSegment << 16));
        if (wide)
        {
            Tiny.Poke(TaskSegment + 4, InnerStack);
        }
        else
        {
            Tiny.Poke(TaskSegment + 4, InnerStack | ((ulong)KernelData << 32));
        }
    }

    public TinyGuest Tiny { get; }

    public CpuState* State => Tiny.State;

    public void SetDescriptor(ushort selector, ulong value) => Tiny.Poke(TinyGuest.Gdt + selector, value);

    /// <summary>Writes a gate of the IDT in the guest's starting mode.</summary>
    public void SetInterruptGate(int vector, ulong handler, int dpl)
    {
        ulong low = (handler & 0xFFFF) | ((ulong)KernelCode << 16) | (0x8E00UL << 32) | ((ulong)dpl << 45) | ((handler & 0xFFFF_0000) << 32);
        if (Tiny.Mode == EntryMode.Long64)
        {
            Tiny.Poke(Idt + ((ulong)vector * 16), low);
            Tiny.Poke(Idt + ((ulong)vector * 16) + 8, handler >> 32);
        }
        else
        {
            Tiny.Poke(Idt + ((ulong)vector * 8), low);
        }
    }

    public PrivilegedGuest Load(int bits, ulong address, Action<Assembler> write)
    {
        Assembler assembler = new(bits);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        stream.ToArray().CopyTo(new Span<byte>(Tiny.Host(address), (int)stream.Length));
        return this;
    }

    /// <summary>Ends a program: without an IDT the next fault shuts the processor down.</summary>
    public static void Stop(Assembler a)
    {
        a.lidt(AssemblerRegisters.__[0xA000]);
        a.ud2();
    }

    /// <summary>Runs from <see cref="TinyGuest.Code"/> until the processor shuts down.</summary>
    public void Run()
    {
        Tiny.Cpu.Reset();
        Tiny.Cpu.SetEntry(new ProcessorEntry(Tiny.Mode, TinyGuest.Code) { Rsp = TinyGuest.Stack, Cr3 = TinyGuest.Pml4, GdtBase = TinyGuest.Gdt, GdtLimit = 0x7F });
        State->IdtBase = Idt;
        State->IdtLimit = 0xFFF;
        ProcessorStop stop = Tiny.Cpu.Run();
        if (stop == ProcessorStop.InternalError)
        {
            throw new InvalidOperationException("The engine failed.", Tiny.Cpu.Failure);
        }
    }

    public void Dispose() => Tiny.Dispose();
}
