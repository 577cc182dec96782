using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;
using EmuPS.Cpu;
using EmuPS.Cpu.Guests;
using EmuPS.Machine.Boot;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.Boot;

public sealed class BootImageTests : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-boot").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LinuxGetsItsParametersItsDiskAndItsEntry()
    {
        FakeMemory memory = new(64 * MiB);
        byte[] initrd = new byte[5000];
        initrd.AsSpan().Fill(0xAB);

        ProcessorEntry entry = Load(memory, "64M", LinuxKernel(), initrd, "console=ttyS0 quiet");

        byte[] page = memory.Bytes[(int)entry.Rsi..((int)entry.Rsi + 4096)];
        uint initrdAddress = U32(page, 0x218);
        Assert.Equal(EntryMode.Long64, entry.Mode);
        Assert.Equal(0x100_0000UL + 0x200, entry.Rip);
        Assert.Equal(0x55, memory.Bytes[0x100_0000]);
        Assert.Equal(0xFF, page[0x210]);
        Assert.Equal(5000u, U32(page, 0x21C));
        Assert.Equal(0u, initrdAddress & 0xFFF);
        Assert.InRange(initrdAddress, 0x100_0000u + 0x40_0000, (32 * MiB) - 5000u);
        Assert.Equal(0xAB, memory.Bytes[initrdAddress + 4999]);
        Assert.Equal("console=ttyS0 quiet\0", Encoding.ASCII.GetString(memory.Bytes, (int)U32(page, 0x228), 20));
        Assert.Equal(0xE_0000UL, BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(0x70)));
        Assert.Equal(4, page[0x1E8]);
        Assert.Equal(0x10_0000UL, BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(0x2D0 + 60)));
        Assert.Equal(63UL * MiB, BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(0x2D0 + 68)));
        Assert.Equal(1u, U32(page, 0x2D0 + 76));
    }

    [Fact]
    public void PageTablesMapFourGibibytesOneToOne()
    {
        FakeMemory memory = new(64 * MiB);
        ProcessorEntry entry = Load(memory, "64M", LinuxKernel(), [], string.Empty);

        foreach (ulong address in new ulong[] { 0, 0x100_0200, 0x4000_0000, 0xFEE0_0000 })
        {
            ulong pml4 = Entry(entry.Cr3, 0);
            ulong directory = Entry(pml4 & ~0xFFFUL, address >> 30);
            ulong page = Entry(directory & ~0xFFFUL, (address >> 21) & 511);
            Assert.Equal((address & ~0x1F_FFFFUL) | 0x83, page);
        }

        ulong Entry(ulong table, ulong index) => BinaryPrimitives.ReadUInt64LittleEndian(memory.Bytes.AsSpan((int)(table + (8 * index))));
    }

    [Fact]
    public void ElfWithPvhNoteStartsIn32BitMode()
    {
        FakeMemory memory = new(16 * MiB);
        ProcessorEntry entry = Load(memory, "16M", SimulatedGuestProgram.ToElf(), [1, 2, 3], "a b");

        Assert.Equal(EntryMode.Protected32, entry.Mode);
        Assert.Equal(SimulatedGuestProgram.EntryPoint32, entry.Rip);
        byte[] start = memory.Bytes[(int)entry.Rbx..((int)entry.Rbx + 56)];
        Assert.Equal(0x336E_C578u, U32(start, 0));
        Assert.Equal(1u, U32(start, 12));
        Assert.Equal(0xE_0000u, U32(start, 32));
        Assert.Equal(4u, U32(start, 48));
        Assert.Equal("a b\0", Encoding.ASCII.GetString(memory.Bytes, (int)U32(start, 24), 4));
        uint module = U32(memory.Bytes, (int)U32(start, 16));
        Assert.Equal([1, 2, 3], memory.Bytes[(int)module..((int)module + 3)]);
    }

    [Fact]
    public void MultibootKernelGetsTheInformationBlock()
    {
        FakeMemory memory = new(16 * MiB);
        ProcessorEntry entry = Load(memory, "16M", GuestCode.Multiboot([0x90]), [7, 8], "arg");

        Assert.Equal(EntryMode.Protected32, entry.Mode);
        Assert.Equal(0x10_0020UL, entry.Rip);
        Assert.Equal(0x2BAD_B002UL, entry.Rax);
        int info = (int)entry.Rbx;
        Assert.Equal(639u, U32(memory.Bytes, info + 4));
        Assert.Equal(15u * 1024, U32(memory.Bytes, info + 8));
        Assert.Equal(1u, U32(memory.Bytes, info + 20));
        uint module = U32(memory.Bytes, (int)U32(memory.Bytes, info + 24));
        Assert.Equal([7, 8], memory.Bytes[(int)module..((int)module + 2)]);
        Assert.EndsWith(" arg", Encoding.ASCII.GetString(memory.Bytes, (int)U32(memory.Bytes, info + 16), 4096).Split('\0')[0], StringComparison.Ordinal);
        Assert.Equal(20u, U32(memory.Bytes, (int)U32(memory.Bytes, info + 48)));
    }

    [Fact]
    public void EachMistakeHasItsOwnError()
    {
        string big = new('x', 3000);
        Assert.Equal(BootErrorIds.NothingToBoot, Fails(() => BootImage.Open(new BootOptions())));
        Assert.Equal(BootErrorIds.KernelUnavailable, Fails(() => BootImage.Open(new BootOptions { KernelPath = Path.Combine(_folder, "none") })));
        Assert.Equal(BootErrorIds.KernelNotRecognized, Fails(() => Open(new byte[100_000], [], string.Empty)));
        Assert.Equal(BootErrorIds.KernelNotRecognized, Fails(() => Open([1], [], string.Empty)));
        Assert.Equal(BootErrorIds.KernelNotSupported, Fails(() => Open(LinuxKernel(version: 0x0209), [], string.Empty)));
        Assert.Equal(BootErrorIds.KernelDamaged, Fails(() => Open(LinuxKernel()[..0x300], [], string.Empty)));
        Assert.Equal(BootErrorIds.KernelDamaged, Fails(() => Open(SimulatedGuestProgram.ToElf()[..0x1800], [], string.Empty)));
        Assert.Equal(BootErrorIds.KernelTooLarge, Fails(() => Load(new FakeMemory(4 * MiB), "4M", LinuxKernel(), [], string.Empty)));
        Assert.Equal(BootErrorIds.CommandLineTooLong, Fails(() => Load(new FakeMemory(64 * MiB), "64M", LinuxKernel(), [], big)));
        Assert.Equal(BootErrorIds.InitrdTooLarge, Fails(() => Load(new FakeMemory(64 * MiB), "64M", LinuxKernel(), new byte[50 * MiB], string.Empty)));
        File.WriteAllBytes(Path.Combine(_folder, "kernel"), LinuxKernel());
        Assert.Equal(BootErrorIds.InitrdUnavailable, Fails(() => BootImage.Open(
            new BootOptions { KernelPath = Path.Combine(_folder, "kernel"), InitrdPath = Path.Combine(_folder, "none") })));
    }

    [Fact]
    public void SmallMachineGetsARelocatableKernelLower()
    {
        FakeMemory memory = new(12 * MiB);
        Assert.Equal(0x20_0000UL + 0x200, Load(memory, "12M", LinuxKernel(), [], string.Empty).Rip);
    }

    private static string Fails(Action action)
    {
        EngineException error = Assert.Throws<EngineException>(action);
        Assert.NotEmpty(error.Message);
        return error.ErrorId;
    }

    /// <summary>The setup header of a kernel and 64 KiB of code; it prefers 16 MiB and needs 4.</summary>
    private static byte[] LinuxKernel(ushort version = 0x020F)
    {
        byte[] file = new byte[1024 + 0x1_0000];
        file[0x1F1] = 1;
        file[0x200] = 0xEB;
        file[0x201] = 0x66;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x206), version);
        file[0x211] = 1;
        Put(0x22C, (32 * MiB) - 1);
        Put(0x230, 2 * MiB);
        file[0x234] = 1;
        file[0x236] = 1;
        Put(0x238, 2047);
        Put(0x258, 0x100_0000);
        Put(0x260, 4 * MiB);
        file[1024] = 0x55;
        return file;

        void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private BootImage Open(byte[] kernel, byte[] initrd, string commandLine)
    {
        string kernelPath = Path.Combine(_folder, "kernel");
        string initrdPath = Path.Combine(_folder, "initrd");
        File.WriteAllBytes(kernelPath, kernel);
        File.WriteAllBytes(initrdPath, initrd);
        return BootImage.Open(new BootOptions { KernelPath = kernelPath, InitrdPath = initrd.Length > 0 ? initrdPath : null, CommandLine = commandLine });
    }

    private ProcessorEntry Load(FakeMemory memory, string size, byte[] kernel, byte[] initrd, string commandLine) =>
        Open(kernel, initrd, commandLine).Load(new BootTarget(memory, MemoryLayout.Of(MemoryConfiguration.Parse(size)), 0xE_0000, 0))!;
}
