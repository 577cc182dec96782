using System;
using System.IO;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>A processor with a little RAM and assembled code: flat 64-bit segments, identity pages for the first GiB (2 MiB pages), a GDT, no IDT. Code ends with UD2, which without an IDT shuts the processor down.</summary>
internal sealed unsafe class TinyGuest : IDisposable
{
    public const ulong Code = 0x10_0000;
    public const ulong Stack = 0x20_0000;
    public const ulong Data = 0x30_0000;
    public const ulong Gdt = 0x1000;
    public const ulong Pml4 = 0x2000;
    public const ulong Pdpt = 0x3000;
    public const ulong PageDirectory = 0x4000;
    private const ulong Size = 0x100_0000;
    private readonly AnonymousMemoryBlock _block = new(Size);
    private readonly RamRegion _region;

    public TinyGuest(EntryMode mode = EntryMode.Long64, bool translate = true, bool? splitWx = null)
    {
        Mode = mode;
        _region = new RamRegion(0, _block.Pointer, Size);
        Memory.Replace(PhysicalMemoryMap.Empty.With(_region));
        Lock deviceLock = new();
        Ports = new IoPortBus(deviceLock, Anomalies);
        Cpu = new VirtualProcessor(0, Memory, Ports, new NanosecondTsc(), Anomalies, deviceLock, translate: translate, splitWx: splitWx) { LocalApic = new NoApic() };
        Poke(Pml4, Pdpt | 7);
        Poke(Pdpt, PageDirectory | 7);
        for (ulong i = 0; i < 512; i++)
        {
            Poke(PageDirectory + (i * 8), (i << 21) | 0x87);
        }

        bool wide = mode == EntryMode.Long64;
        Poke(Gdt + 0x10, wide ? 0x00AF_9B00_0000_FFFFUL : 0x00CF_9B00_0000_FFFFUL);
        Poke(Gdt + 0x18, 0x00CF_9300_0000_FFFF);
    }

    public EntryMode Mode { get; }

    public GuestPhysicalMemory Memory { get; } = new();

    public AnomalyCounter Anomalies { get; } = new();

    public IoPortBus Ports { get; }

    public VirtualProcessor Cpu { get; }

    public CpuState* State => Cpu.State;

    public byte* Host(ulong address) => _block.Pointer + address;

    public void Poke(ulong address, ulong value) => *(ulong*)Host(address) = value;

    public ulong Peek(ulong address) => *(ulong*)Host(address);

    /// <summary>Assembles code at <see cref="Code"/>.</summary>
    public TinyGuest Load(Action<Assembler> write, ulong address = Code)
    {
        Assembler assembler = new(Mode == EntryMode.Long64 ? 64 : 32);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        stream.ToArray().CopyTo(new Span<byte>(Host(address), (int)stream.Length));
        return this;
    }

    /// <summary>Runs from <see cref="Code"/> until the processor stops.</summary>
    public ProcessorStop Run()
    {
        Cpu.Reset();
        Cpu.SetEntry(new ProcessorEntry(Mode, Code) { Rsp = Stack, Cr3 = Pml4, GdtBase = Gdt, GdtLimit = 0x1F });
        Cpu.State->IdtLimit = 0;
        ProcessorStop stop = Cpu.Run();
        if (stop == ProcessorStop.InternalError)
        {
            throw new InvalidOperationException("The engine failed.", Cpu.Failure);
        }

        return stop;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _region.Dispose();
        _block.Dispose();
    }
}
