using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text;
using EmuPS.Core.Processor;

namespace EmuPS.Cpu.Cpuid;

/// <summary>The processor that the guest sees: everything CPUID says, and what follows from it for control registers and model-specific registers.</summary>
/// <remarks>
/// It says GenuineIntel, because Linux believes the frequencies of leaves 0x15 and 0x16 only from there. Family 6 model 0x36 is an in-order part without speculation, as this
/// processor is, so guests spend nothing on mitigations; IA32_ARCH_CAPABILITIES says the same to those that ask.
/// </remarks>
internal sealed class CpuidModel
{
    /// <summary>Highest basic leaf.</summary>
    public const uint MaximumBasic = 0x16;

    /// <summary>Highest extended leaf.</summary>
    public const uint MaximumExtended = 0x8000_0008;

    /// <summary>The only hypervisor leaf.</summary>
    public const uint HypervisorLeaf = 0x4000_0000;

    /// <summary>The bus clock of leaf 0x16 and of the ratio in MSR_PLATFORM_INFO, in Hz.</summary>
    public const ulong BusHz = 100_000_000;

    private const string Vendor = "GenuineIntel";
    private const string Brand = "EmuPS x86-64 Processor";
    private const string HypervisorSignature = "EmuPSEmuPSEm";

    /// <summary>Family 6, model 0x36, stepping 1.</summary>
    private const uint Signature = 0x0003_0661;

    private const uint XsaveLegacySize = 576;
    private const uint XsaveAvxSize = 256;
    private const ulong MegaHertz = 1_000_000;

    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidResult> _leaves = [];
    private readonly HashSet<string> _features = [];

    /// <summary>Makes the model.</summary>
    /// <param name="tscFrequency">Ticks of the time-stamp counter per second: a multiple of 1 MHz, so that leaf 0x15 can say it exactly.</param>
    /// <param name="processorCount">Processors of the machine, at least 1.</param>
    /// <param name="offers">Whether the engine executes an instruction, given as hexadecimal machine code.</param>
    /// <exception cref="ArgumentException">The frequency cannot be announced exactly.</exception>
    public CpuidModel(ulong tscFrequency, int processorCount, Predicate<string> offers)
    {
        if (tscFrequency == 0 || tscFrequency % MegaHertz != 0)
        {
            throw new ArgumentException(
                $"The time-stamp counter runs at {tscFrequency} Hz, which CPUID cannot announce exactly. Choose a multiple of 1 MHz.", nameof(tscFrequency));
        }

        TscFrequency = tscFrequency;
        foreach (CpuidFeatureBit feature in CpuidFeatures.All)
        {
            Offer(feature, offers);
        }

        HasAvx = Has("avx");
        Xcr0Supported = Has("xsave") ? HasAvx ? 7u : 3u : 0u;
        Cr4Supported = FindCr4();
        AddIdentification(processorCount);
        AddCaches(processorCount);
        AddTopology(processorCount);
        AddExtendedState();
        AddFrequencies();
        AddExtended();
    }

    /// <summary>Width of physical addresses.</summary>
    public int PhysicalAddressBits => ProcessorModel.PhysicalAddressBits;

    /// <summary>Width of linear addresses.</summary>
    public int LinearAddressBits => 48;

    /// <summary>Ticks of the time-stamp counter per second.</summary>
    public ulong TscFrequency { get; }

    /// <summary>Whether 256-bit registers are offered.</summary>
    public bool HasAvx { get; }

    /// <summary>Bits that XCR0 may have.</summary>
    public ulong Xcr0Supported { get; }

    /// <summary>Bits that CR4 may have.</summary>
    public ulong Cr4Supported { get; }

    /// <summary>Names of the announced features.</summary>
    public IReadOnlySet<string> Features => _features;

    /// <summary>Whether a feature is announced.</summary>
    /// <param name="name">Its name in <see cref="CpuidFeatures"/>.</param>
    public bool Has(string name) => _features.Contains(name);

    /// <summary>What CPUID says, but for the bits that depend on the processor's state (<see cref="Interpreter.Instructions.Identification"/>).</summary>
    /// <param name="leaf">EAX.</param>
    /// <param name="subleaf">ECX.</param>
    /// <param name="known">False for leaves outside the announced ranges.</param>
    public CpuidResult Query(uint leaf, uint subleaf, out bool known)
    {
        known = leaf <= MaximumBasic || leaf is >= 0x4000_0000 and <= 0x4FFF_FFFF or >= 0x8000_0000 and <= MaximumExtended;
        if (!known)
        {
            // Beyond the ranges the data of the highest basic leaf is returned.
            leaf = MaximumBasic;
        }

        if (leaf == 0xB && subleaf > 1)
        {
            return new CpuidResult(0, 0, subleaf & 0xFF, 0);
        }

        bool hasSubleaves = leaf is 4 or 7 or 0xB or 0xD;
        return _leaves.GetValueOrDefault((leaf, hasSubleaves ? subleaf : 0));
    }

    private void Offer(CpuidFeatureBit feature, Predicate<string> offers)
    {
        foreach (string code in feature.Instructions)
        {
            if (!offers(code))
            {
                return;
            }
        }

        _features.Add(feature.Name);
        Add(feature.Leaf, feature.Subleaf, feature.Register, 1u << feature.Bit);
    }

    private void Add(uint leaf, uint subleaf, CpuidRegister register, uint bits)
        => _leaves[(leaf, subleaf)] = _leaves.GetValueOrDefault((leaf, subleaf)).With(register, bits);

    private void Add(uint leaf, uint subleaf, uint eax, uint ebx, uint ecx, uint edx)
    {
        Add(leaf, subleaf, CpuidRegister.Eax, eax);
        Add(leaf, subleaf, CpuidRegister.Ebx, ebx);
        Add(leaf, subleaf, CpuidRegister.Ecx, ecx);
        Add(leaf, subleaf, CpuidRegister.Edx, edx);
    }

    private ulong FindCr4()
    {
        // TSD, DE, PSE, PAE, MCE, PGE and PCE.
        ulong bits = 0x1FC;
        bits |= Has("fxsr") ? 1u << 9 : 0;
        bits |= Has("sse") ? 1u << 10 : 0;
        bits |= Has("umip") ? 1u << 11 : 0;
        bits |= Has("fsgsbase") ? 1u << 16 : 0;
        bits |= Has("pcid") ? 1u << 17 : 0;
        bits |= Has("xsave") ? 1u << 18 : 0;
        bits |= Has("smep") ? 1u << 20 : 0;
        bits |= Has("smap") ? 1u << 21 : 0;
        return bits;
    }

    private void AddIdentification(int count)
    {
        Add(0, 0, MaximumBasic, Word(Vendor, 0), Word(Vendor, 8), Word(Vendor, 4));

        // CLFLUSH line of 8 quadwords, room for APIC ids; HTT when there are several.
        uint ids = BitOperations.RoundUpToPowerOf2((uint)count);
        Add(1, 0, Signature, (8u << 8) | (Math.Min(ids, 255) << 16), 0, count > 1 ? 1u << 28 : 0);

        // "Ask leaf 4."
        Add(2, 0, 0xFF01, 0, 0, 0);

        // The local APIC timer runs always.
        Add(6, 0, 4, 0, 0, 0);
        Add(HypervisorLeaf, 0, HypervisorLeaf, Word(HypervisorSignature, 0), Word(HypervisorSignature, 4), Word(HypervisorSignature, 8));
    }

    private void AddCaches(int count)
    {
        uint ids = BitOperations.RoundUpToPowerOf2((uint)count);
        AddCache(0, ids, level: 1, type: 1, sharing: 1, ways: 8, sets: 64);
        AddCache(1, ids, level: 1, type: 2, sharing: 1, ways: 8, sets: 64);
        AddCache(2, ids, level: 2, type: 3, sharing: 1, ways: 16, sets: 1024);
        AddCache(3, ids, level: 3, type: 3, sharing: ids, ways: 16, sets: 8192);
    }

    private void AddCache(uint subleaf, uint ids, uint level, uint type, uint sharing, uint ways, uint sets)
        => Add(4, subleaf, type | (level << 5) | (1u << 8) | ((sharing - 1) << 14) | ((Math.Min(ids, 64) - 1) << 26), 63 | ((ways - 1) << 22), sets - 1, 0);

    private void AddTopology(int count)
    {
        Add(0xB, 0, 0, 1, 1 << 8, 0);
        Add(0xB, 1, (uint)BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count)), (uint)count, (2 << 8) | 1, 0);
    }

    private void AddExtendedState()
    {
        if (!Has("xsave"))
        {
            return;
        }

        // EBX of subleaf 0 depends on XCR0 and is added when asked.
        Add(0xD, 0, (uint)Xcr0Supported, 0, StateSize(Xcr0Supported), 0);
        if (HasAvx)
        {
            Add(0xD, 2, XsaveAvxSize, XsaveLegacySize, 0, 0);
        }
    }

    /// <summary>Bytes of an XSAVE area that holds the given components.</summary>
    /// <param name="components">Bits of XCR0.</param>
    public static uint StateSize(ulong components) => (components & 4) != 0 ? XsaveLegacySize + XsaveAvxSize : XsaveLegacySize;

    private void AddFrequencies()
    {
        ulong divisor = (ulong)BigInteger.GreatestCommonDivisor(TscFrequency, ProcessorFrequencies.CrystalHz);
        Add(0x15, 0, (uint)(ProcessorFrequencies.CrystalHz / divisor), (uint)(TscFrequency / divisor), ProcessorFrequencies.CrystalHz, 0);
        uint megaHertz = (uint)(TscFrequency / MegaHertz);
        Add(0x16, 0, megaHertz, megaHertz, (uint)(BusHz / MegaHertz), 0);
    }

    private void AddExtended()
    {
        Add(0x8000_0000, 0, MaximumExtended, 0, 0, 0);
        string brand = Brand.PadRight(48, '\0');
        for (int n = 0; n < 3; n++)
        {
            Add((uint)(0x8000_0002 + n), 0, Word(brand, n * 16), Word(brand, (n * 16) + 4), Word(brand, (n * 16) + 8), Word(brand, (n * 16) + 12));
        }

        // L2: 1 MiB, 16 ways, lines of 64 bytes.
        Add(0x8000_0006, 0, 0, 0, (1024u << 16) | (8u << 12) | 64, 0);
        Add(0x8000_0008, 0, (uint)(PhysicalAddressBits | (LinearAddressBits << 8)), 0, 0, 0);
    }

    private static uint Word(string text, int offset) => BitConverter.ToUInt32(Encoding.ASCII.GetBytes(text, offset, 4));
}
