using System;
using EmuPS.Core.Processor;
using EmuPS.Cpu.Cpuid;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using EmuPS.Cpu.Tests.Oracle;
using EmuPS.Cpu.Tests.Privileged;
using Xunit;

namespace EmuPS.Cpu.Tests.Cpuid;

public sealed unsafe class CpuidModelTests
{
    private static readonly Predicate<string> s_everything = static _ => true;

    [Fact]
    public void EveryAnnouncedInstructionExecutes()
    {
        using SystemBench bench = new();
        CpuidModel model = bench.Guest.Cpu.Model;
        foreach (CpuidFeatureBit feature in CpuidFeatures.All)
        {
            if (!model.Has(feature.Name))
            {
                continue;
            }

            foreach (string code in feature.Instructions)
            {
                using SystemBench fresh = new();
                CpuState* s = fresh.State;
                s->Cr0 |= 2;
                s->Cr4 |= model.Cr4Supported & ~(1UL << 17);
                s->Efer |= 1;
                s->Xcr0 = model.Xcr0Supported;
                s->SysenterCs = 0x10;
                s->Gpr[7] = TinyGuest.Data;
                s->Gpr[6] = TinyGuest.Data + 0x1000;
                Assert.True(fresh.Execute(Convert.FromHexString(code)) != 6, $"{feature.Name}: {code}");
            }
        }
    }

    [Fact]
    public void WhatDistributionsRequireIsAnnounced()
    {
        using SystemBench bench = new();
        string[] required =
        [
            "fpu", "pse", "msr", "pae", "cx8", "cmov", "fxsr", "sse", "sse2", "pge", "lm", "syscall", "nx",
            "cx16", "lahf_lm", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2",
            "tsc_deadline_timer", "tsc_adjust", "invtsc", "rdtscp", "rdrand", "rdseed", "erms", "fsrm", "smep", "smap", "umip", "pcid", "invpcid", "fsgsbase", "xsave",
        ];
        foreach (string name in required)
        {
            Assert.True(bench.Guest.Cpu.Model.Has(name), name);
        }
    }

    [HostProcessorFact]
    public void WhatX86_64_v3RequiresIsAnnouncedWhereTheHostHasIt()
    {
        using SystemBench bench = new();
        foreach (string name in new[] { "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave" })
        {
            Assert.Equal(Translation.HostFeatures.HasVex || name is "bmi1" or "bmi2" or "abm" or "movbe" or "xsave", bench.Guest.Cpu.Model.Has(name));
        }

        Assert.Equal(Translation.HostFeatures.HasVex ? 7u : 3u, bench.Guest.Cpu.Model.Xcr0Supported);
    }

    [Fact]
    public void WhatTheEngineLacksIsNotAnnounced()
    {
        CpuidModel model = new(1_000_000_000, 1, code => code != "0FC7F0");
        Assert.False(model.Has("rdrand"));
        Assert.Equal(0u, model.Query(1, 0, out _).Ecx & (1u << 30));
        Assert.True(model.Has("rdseed"));
    }

    [Fact]
    public void AnEngineWithAvxAnnouncesItsState()
    {
        CpuidModel model = new(1_000_000_000, 1, s_everything);
        Assert.Equal(7UL, model.Xcr0Supported);
        Assert.Equal(832u, model.Query(0xD, 0, out _).Ecx);
        Assert.Equal((256u, 576u), (model.Query(0xD, 2, out _).Eax, model.Query(0xD, 2, out _).Ebx));
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(2_500_000_000)]
    [InlineData(2_893_000_000)]
    public void TheFrequencyIsExact(ulong frequency)
    {
        CpuidModel model = new(frequency, 1, s_everything);
        CpuidResult leaf = model.Query(0x15, 0, out _);
        Assert.Equal(ProcessorFrequencies.CrystalHz, leaf.Ecx);
        Assert.Equal(frequency, (ulong)leaf.Ecx * leaf.Ebx / leaf.Eax);
        Assert.True((ulong)(leaf.Ecx / 1000) * leaf.Ebx <= uint.MaxValue, "Linux multiplies kilohertz in 32 bits.");
        Assert.Equal(frequency / 1_000_000, model.Query(0x16, 0, out _).Eax);
    }

    [Fact]
    public void AFrequencyThatCannotBeAnnouncedIsRefused()
        => Assert.Throws<ArgumentException>(() => new CpuidModel(1_234_567_890, 1, s_everything));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 3)]
    public void TheTopologyIsCoresOfOneThread(int count, int shift)
    {
        CpuidModel model = new(1_000_000_000, count, s_everything);
        Assert.Equal(new CpuidResult(0, 1, 0x100, 0), model.Query(0xB, 0, out _));
        Assert.Equal(new CpuidResult((uint)shift, (uint)count, 0x201, 0), model.Query(0xB, 1, out _));
        Assert.Equal(new CpuidResult(0, 0, 2, 0), model.Query(0xB, 2, out _));
        Assert.Equal(count > 1, (model.Query(1, 0, out _).Edx & (1u << 28)) != 0);
    }

    [Fact]
    public void CpuidAnswersVendorHypervisorAndStateBits()
    {
        using SystemBench bench = new();
        CpuState* s = bench.State;
        Assert.Equal("GenuineIntel", Text(Query(0, 0), vendor: true));
        Assert.Equal("EmuPSEmuPSEm", Text(Query(0x4000_0000, 0), vendor: false));
        Assert.NotEqual(0u, Query(1, 0).Ecx & (1u << 31));
        Assert.Equal(0u, Query(1, 0).Ecx & (1u << 27));
        s->Cr4 |= 1 << 18;
        Assert.NotEqual(0u, Query(1, 0).Ecx & (1u << 27));
        Assert.Equal(46u | (48u << 8), Query(0x8000_0008, 0).Eax);

        // Beyond the ranges the highest basic leaf answers.
        Assert.Equal(Query(0x16, 0), Query(0x1234, 0));

        CpuidResult Query(uint leaf, uint subleaf)
        {
            bench.State->Gpr[0] = leaf;
            bench.State->Gpr[1] = subleaf;
            Assert.Equal(-1, bench.Execute(0x0F, 0xA2));
            return new CpuidResult((uint)bench.State->Gpr[0], (uint)bench.State->Gpr[3], (uint)bench.State->Gpr[1], (uint)bench.State->Gpr[2]);
        }
    }

    private static string Text(CpuidResult r, bool vendor)
    {
        uint[] words = vendor ? [r.Ebx, r.Edx, r.Ecx] : [r.Ebx, r.Ecx, r.Edx];
        string text = "";
        foreach (uint word in words)
        {
            foreach (byte b in BitConverter.GetBytes(word))
            {
                text += (char)b;
            }
        }

        return text;
    }
}
