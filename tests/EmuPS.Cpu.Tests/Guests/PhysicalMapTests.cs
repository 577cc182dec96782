using System;
using EmuPS.Core.Memory;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>RAM comes and goes: code of what stays is kept, code of what went is not.</summary>
public sealed unsafe class PhysicalMapTests : IDisposable
{
    private const ulong Size = 0x20_0000;
    private const ulong Dimm = 0x200_0000;
    private const int Calls = 100;
    private readonly AnonymousMemoryBlock _first = new(Size);
    private readonly AnonymousMemoryBlock _second = new(Size);
    private readonly RamRegion _firstRegion;
    private readonly RamRegion _secondRegion;

    public PhysicalMapTests()
    {
        _firstRegion = new RamRegion(Dimm, _first.Pointer, Size);
        _secondRegion = new RamRegion(Dimm, _second.Pointer, Size);
    }

    public void Dispose()
    {
        _firstRegion.Dispose();
        _secondRegion.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeOfRamThatWasReplacedIsFetchedAnew(bool translate)
    {
        using TinyGuest guest = Caller(translate);
        WriteFunction(_first, 11);
        WriteFunction(_second, 77);

        Plug(guest, null, _firstRegion);
        guest.Run();
        Assert.Equal(11UL * Calls, guest.State->Gpr[3]);

        Plug(guest, _firstRegion, _secondRegion);
        guest.Run();
        Assert.Equal(77UL * Calls, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeOfRamThatWasTakenAwayDoesNotRun(bool translate)
    {
        using TinyGuest guest = Caller(translate);
        WriteFunction(_first, 11);
        Plug(guest, null, _firstRegion);
        guest.Run();

        Plug(guest, _firstRegion, null);
        Assert.Equal(ProcessorStop.TripleFault, guest.Run());
        Assert.Equal(0UL, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeOfRamThatStaysIsKept(bool translate)
    {
        using TinyGuest guest = Caller(translate);
        WriteFunction(_first, 11);
        Plug(guest, null, _firstRegion);
        guest.Run();
        ulong decoded = guest.Cpu.Blocks.Decoded;

        using AnonymousMemoryBlock block = new(Size);
        using RamRegion other = new(Dimm + Size, block.Pointer, Size);
        Plug(guest, null, other);
        guest.Run();

        Assert.Equal(11UL * Calls, guest.State->Gpr[3]);
        Assert.Equal(decoded, guest.Cpu.Blocks.Decoded);
    }

    /// <summary>A guest that calls the function at the DIMM's first byte and adds up in RBX what it returns.</summary>
    private static TinyGuest Caller(bool translate) => new TinyGuest(translate: translate).Load(a =>
    {
        Label again = a.CreateLabel();
        a.xor(ebx, ebx);
        a.mov(ecx, Calls);
        a.mov(rdx, Dimm);
        a.Label(ref again);
        a.call(rdx);
        a.add(ebx, eax);
        a.dec(ecx);
        a.jnz(again);
        a.ud2();
    });

    /// <summary>MOV EAX, imm32; RET.</summary>
    private static void WriteFunction(AnonymousMemoryBlock block, byte result) =>
        new ReadOnlySpan<byte>([0xB8, result, 0, 0, 0, 0xC3]).CopyTo(new Span<byte>(block.Pointer, 6));

    private static void Plug(TinyGuest guest, RamRegion? former, RamRegion? present)
    {
        PhysicalMemoryMap map = guest.Memory.Map;
        map = former is null ? map : map.Without(former);
        guest.Memory.Replace(present is null ? map : map.With(present));
        guest.Cpu.MapChanged();
    }
}
