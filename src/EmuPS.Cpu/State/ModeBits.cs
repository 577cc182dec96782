namespace EmuPS.Cpu.State;

/// <summary>Derives what depends on several registers at once: the mode bits of the block key, the privilege level's TLB bank. To be called after every change of CR0, CR4, EFER, CS, SS, CPL, DR7, of DS or ES outside 64-bit mode, or of TF, AC or VM in the flags.</summary>
internal static unsafe class ModeBits
{
    /// <summary>CR0.PE.</summary>
    public const ulong Cr0Pe = 1;

    /// <summary>CR0.PG.</summary>
    public const ulong Cr0Pg = 1UL << 31;

    /// <summary>CR4.SMAP.</summary>
    public const ulong Cr4Smap = 1UL << 21;

    /// <summary>EFER.LMA.</summary>
    public const ulong EferLma = 1UL << 10;

    /// <summary>The four local and four global breakpoint enables of DR7.</summary>
    public const ulong Dr7Enables = 0xFF;

    /// <summary>Recomputes <see cref="CpuState.Mode"/> and the present TLB bank.</summary>
    /// <param name="s">The state.</param>
    public static void Refresh(CpuState* s)
    {
        uint mode = 0;
        Segment* cs = CpuState.Seg(s, SegmentIndex.Cs);
        Segment* ss = CpuState.Seg(s, SegmentIndex.Ss);
        if ((s->Cr0 & Cr0Pe) == 0)
        {
            mode |= CpuMode.Real;
        }
        else if ((s->SystemFlags & Flags.Vm) != 0)
        {
            mode |= CpuMode.Virtual8086;
        }

        if ((s->Efer & EferLma) != 0)
        {
            mode |= CpuMode.LongActive;
            if (cs->IsLong)
            {
                mode |= CpuMode.Long64;
            }
        }

        if ((mode & (CpuMode.Long64 | CpuMode.Virtual8086)) == 0)
        {
            // Real mode too: an unreal or big-real segment keeps its D and B bits until it is loaded again.
            mode |= cs->IsBig ? CpuMode.Code32 : 0;
            mode |= ss->IsBig ? CpuMode.Stack32 : 0;
            if ((mode & (CpuMode.Code32 | CpuMode.Stack32 | CpuMode.Real)) == (CpuMode.Code32 | CpuMode.Stack32)
                && cs->IsFlat && ss->IsFlat && CpuState.Seg(s, SegmentIndex.Ds)->IsFlat && CpuState.Seg(s, SegmentIndex.Es)->IsFlat)
            {
                mode |= CpuMode.Flat32;
            }
        }

        if (s->Cpl == 3)
        {
            mode |= CpuMode.User;
        }

        if ((s->SystemFlags & Flags.Tf) != 0 || (s->Dr[7] & Dr7Enables) != 0)
        {
            mode |= CpuMode.SingleStep;
        }

        s->Mode = mode;
        SelectBank(s);
    }

    /// <summary>Chooses the TLB bank after CPL, AC or CR4.SMAP alone changed.</summary>
    /// <param name="s">The state.</param>
    public static void SelectBank(CpuState* s)
    {
        int number = BankOf(s);
        s->Mode = number == 2 ? s->Mode | CpuMode.UserAccess : s->Mode & ~CpuMode.UserAccess;
        TlbEntry* bank = CpuState.Bank(s, number);
        s->ReadTlb = bank;
        s->WriteTlb = bank + CpuState.TlbEntries;
    }

    /// <summary>The bank of explicit accesses in the present state: 0 supervisor, 1 user, 2 supervisor that may touch user pages.</summary>
    /// <param name="s">The state.</param>
    public static int BankOf(CpuState* s)
        => s->Cpl == 3 ? 1 : (s->Cr4 & Cr4Smap) != 0 && (s->SystemFlags & Flags.Ac) != 0 ? 2 : 0;

    /// <summary>The bank of explicit accesses in a mode.</summary>
    /// <param name="mode">Mode bits.</param>
    public static int BankOf(uint mode) => (mode & CpuMode.User) != 0 ? 1 : (mode & CpuMode.UserAccess) != 0 ? 2 : 0;

    /// <summary>The jump table of translated code of a mode: a bank's own for 64-bit code and for 32-bit code, so that no jump leads to code of the other size.</summary>
    /// <param name="mode">Mode bits.</param>
    public static int JumpTableOf(uint mode) => BankOf(mode) + ((mode & CpuMode.Long64) != 0 ? 0 : CpuState.TlbBanks);
}
