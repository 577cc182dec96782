using System;
using System.IO;
using System.Linq;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Cpu.Tests.Guests;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Multiprocessing;

/// <summary>Several processors on the same little RAM, each with assembled code and a stack of its own: flat 64-bit segments, identity pages for the first 16 MiB (4 KiB pages). Code ends with UD2.</summary>
internal sealed unsafe class SharedGuest : IDisposable
{
    public const ulong Data = 0x30_0000;
    private const ulong Code = 0x10_0000;
    private const ulong CodeDistance = 0x1_0000;
    private const ulong Stacks = 0x20_0000;
    private const ulong Gdt = 0x1000;
    private const ulong Pml4 = 0x2000;
    private const ulong Tables = 0x1_0000;
    private const ulong Size = 0x100_0000;
    private readonly AnonymousMemoryBlock _block = new(Size);
    private readonly RamRegion _region;
    private readonly ProcessorGroup _group;
    private readonly GuestPhysicalMemory _memory = new();

    public SharedGuest(int count, bool translate, bool lockStep = false)
    {
        _region = new RamRegion(0, _block.Pointer, Size);
        _memory.Replace(PhysicalMemoryMap.Empty.With(_region));
        Lock deviceLock = new();
        AnomalyCounter anomalies = new();
        IoPortBus ports = new(deviceLock, anomalies);
        _group = new ProcessorGroup(count);
        Cpus = [.. Enumerable.Range(0, count).Select(i => new VirtualProcessor(i, _memory, ports, new NanosecondTsc(), anomalies, deviceLock, translate, _group, splitWx: OperatingSystem.IsLinux()) { LocalApic = new NoApic(), LockStep = lockStep })];
        Poke(Pml4, 0x3000 | 7);
        Poke(0x3000, 0x4000 | 7);
        for (ulong page = 0; page < Size >> 12; page++)
        {
            Poke(0x4000 + ((page >> 9) * 8), (Tables + ((page >> 9) << 12)) | 7);
            Poke(Tables + (page * 8), (page << 12) | 7);
        }

        Poke(Gdt + 0x10, 0x00AF_9B00_0000_FFFF);
        Poke(Gdt + 0x18, 0x00CF_9300_0000_FFFF);
    }

    public VirtualProcessor[] Cpus { get; }

    public static ulong CodeOf(int cpu) => Code + ((ulong)cpu * CodeDistance);

    public void Poke(ulong address, ulong value) => *(ulong*)(_block.Pointer + address) = value;

    public ulong Peek(ulong address) => *(ulong*)(_block.Pointer + address);

    /// <summary>Assembles the program of one processor.</summary>
    public void Load(int cpu, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), CodeOf(cpu));
        stream.ToArray().CopyTo(new Span<byte>(_block.Pointer + CodeOf(cpu), (int)stream.Length));
    }

    /// <summary>Runs all processors at once until each has come to its end.</summary>
    public void Run()
    {
        ProcessorStop[] stops = new ProcessorStop[Cpus.Length];
        foreach (VirtualProcessor cpu in Cpus)
        {
            cpu.Reset();
            cpu.SetEntry(new ProcessorEntry(EntryMode.Long64, CodeOf(cpu.Index)) { Rsp = Stacks + ((ulong)cpu.Index * CodeDistance), Cr3 = Pml4, GdtBase = Gdt, GdtLimit = 0x1F });
            cpu.State->IdtLimit = 0;
        }

        Thread[] threads = [.. Cpus.Select(cpu => new Thread(() => stops[cpu.Index] = cpu.Run()))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (VirtualProcessor cpu in Cpus)
        {
            if (stops[cpu.Index] != ProcessorStop.TripleFault)
            {
                throw new InvalidOperationException($"Processor {cpu.Index}: {stops[cpu.Index]}", cpu.Failure);
            }
        }
    }

    public void Dispose()
    {
        Array.ForEach(Cpus, cpu => cpu.Dispose());
        _group.Dispose();
        _region.Dispose();
        _block.Dispose();
    }
}
