using System.Runtime.InteropServices;

namespace EmuPS.Cpu.State;

/// <summary>Everything one virtual processor knows, in native memory. Emitted code and handlers reach it through a pointer; offsets are fixed here and nowhere else.</summary>
/// <remarks>The architectural part is contiguous and free of pointers; the run-time part (TLBs, caches, the exit word) is rebuilt after a restore. Host code may run with its stack pointer at this structure, so 64 KiB and a guard page lie below it.</remarks>
[StructLayout(LayoutKind.Explicit, Size = TotalSize)]
internal unsafe partial struct CpuState
{
    /// <summary>Offset of the general registers: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15.</summary>
    public const int GprOffset = 0x000;

    /// <summary>Offset of a slot that always reads zero: the "no register" of an address.</summary>
    public const int ZeroOffset = 0x080;

    /// <summary>Offset of the XMM/YMM registers, 32 bytes each.</summary>
    public const int XmmOffset = 0x400;

    /// <summary>Offset of the x87 registers R0 to R7, 16 bytes each: 64-bit significand, then sign and exponent. MMX registers are the significands.</summary>
    public const int X87Offset = 0x600;

    /// <summary>Offset of the bounce buffer that stands for memory which has no host address: page-crossing and device accesses.</summary>
    public const int BounceOffset = 0x780;

    /// <summary>Offset of <see cref="Rip"/>.</summary>
    public const int RipOffset = 0x088;

    /// <summary>Offset of <see cref="SystemFlags"/>.</summary>
    public const int SystemFlagsOffset = 0x090;

    /// <summary>Offset of <see cref="Cpl"/>.</summary>
    public const int CplOffset = 0x0B4;

    /// <summary>Offset of <see cref="ReadTlb"/>.</summary>
    public const int ReadTlbOffset = 0x0C0;

    /// <summary>Offset of <see cref="WriteTlb"/>.</summary>
    public const int WriteTlbOffset = 0x0C8;

    /// <summary>Offset of <see cref="Mode"/>.</summary>
    public const int ModeOffset = 0x0D8;

    /// <summary>Offset of <see cref="InterruptShadow"/>.</summary>
    public const int InterruptShadowOffset = 0x0DC;

    /// <summary>Offset of <see cref="Cr4"/>.</summary>
    public const int Cr4Offset = 0x0F8;

    /// <summary>Offset of <see cref="KernelGsBase"/>.</summary>
    public const int KernelGsBaseOffset = 0x1C8;

    /// <summary>Offset of <see cref="WaitingInterrupt"/>.</summary>
    public const int WaitingInterruptOffset = 0x7E8;

    /// <summary>Value of <see cref="InterruptShadow"/> behind a translated STI: the shadow of the instruction that follows, which ends unnoticed when no interrupt is wanted.</summary>
    public const int ShadowUntilRequest = 2;

    /// <summary>Offset of <see cref="Exit"/>.</summary>
    public const int ExitOffset = 0x0A8;

    /// <summary>Offset of <see cref="Retired"/>.</summary>
    public const int RetiredOffset = 0x0B8;

    /// <summary>Offset of <see cref="Mxcsr"/>.</summary>
    public const int MxcsrOffset = 0x698;

    /// <summary>Offset of <see cref="VexMxcsr"/>.</summary>
    public const int VexMxcsrOffset = 0x69C;

    /// <summary>Offset of <see cref="HostFlags"/>.</summary>
    public const int HostFlagsOffset = 0x7F0;

    /// <summary>Offset of <see cref="HostStack"/>.</summary>
    public const int HostStackOffset = 0x7F8;

    /// <summary>Offset of <see cref="LinkSite"/>.</summary>
    public const int LinkSiteOffset = 0x800;

    /// <summary>Offset of a scratch slot of translated code.</summary>
    public const int ScratchOffset = 0x808;

    /// <summary>Offset of the slot that keeps RAX while flags are saved in it.</summary>
    public const int SavedRaxOffset = 0x810;

    /// <summary>Offset of the slot that keeps an address or a value over a memory check.</summary>
    public const int SavedValueOffset = 0x818;

    /// <summary>Offset of the slot that keeps a jump's target or a value to be pushed over a memory check.</summary>
    public const int SavedTargetOffset = 0x828;

    /// <summary>Offset of <see cref="UpperHalves"/>.</summary>
    public const int UpperHalvesOffset = 0x830;

    /// <summary>Value of <see cref="UpperHalves"/>: all are zero.</summary>
    public const int UpperHalvesZero = 0;

    /// <summary>Value of <see cref="UpperHalves"/>: they may hold anything.</summary>
    public const int UpperHalvesUsed = 1;

    /// <summary>Value of <see cref="UpperHalves"/>, while translated code runs: all are zero in the host's registers, but the state may not have it yet.</summary>
    public const int UpperHalvesCleared = 2;

    /// <summary>Offset of the segment registers, 16 bytes each with the base first.</summary>
    public const int SegmentBaseOffset = 0x110;

    /// <summary>Offset of the mask with which PEXT makes a jump table index.</summary>
    public const int JumpMaskOffset = 0x820;

    /// <summary>Offset of two ops: a copy of the one that translated code has interpreted, and the one that ends it.</summary>
    public const int SingleOpOffset = 0x840;

    /// <summary>Offset of the jump tables of translated code, behind the TLBs; <see cref="ModeBits.JumpTableOf"/> numbers them.</summary>
    public const int JumpTableOffset = TlbOffset + (TlbBanks * TlbBankSize);

    /// <summary>Offset of the two logs of filled first-level entries, behind the jump tables: that of pages of one address space, then that of global pages.</summary>
    public const int FillLogOffset = JumpTableOffset + (JumpTables * JumpTableSize);

    /// <summary>Entries of a fill log.</summary>
    public const int FillLogEntries = 8192;

    /// <summary>Bytes of a fill log.</summary>
    public const int FillLogSize = FillLogEntries * sizeof(int);

    /// <summary>Offset of <see cref="SecondLevel"/>. What belongs to the TLBs lies behind them, so that a copy of the state up to <see cref="TlbOffset"/> leaves it alone.</summary>
    public const int SecondLevelOffset = FillLogOffset + (2 * FillLogSize);

    /// <summary>Offset of <see cref="PresentGeneration"/>.</summary>
    public const int PresentGenerationOffset = SecondLevelOffset + 8;

    /// <summary>Offset of <see cref="GlobalGeneration"/>.</summary>
    public const int GlobalGenerationOffset = SecondLevelOffset + 16;

    /// <summary>Offset of <see cref="FillCounts"/>.</summary>
    public const int FillCountsOffset = SecondLevelOffset + 24;

    /// <summary>Offset of the page cells: for each bank, direction and base register the page that was reached last, in the form of a TLB entry.</summary>
    public const int CellsOffset = FillCountsOffset + 8;

    /// <summary>Page cells in one direction of one bank.</summary>
    public const int Cells = 16;

    /// <summary>Offset of a page that stands for no page in empty cells.</summary>
    public const int NoPageOffset = CellsOffset + (TlbBanks * 2 * Cells * 16);

    /// <summary>Offset of <see cref="MissingBlock"/>.</summary>
    public const int MissingBlockOffset = 0x838;

    /// <summary>Jump tables: for each TLB bank one of 64-bit code, then for each one of 32-bit code.</summary>
    public const int JumpTables = 2 * TlbBanks;

    /// <summary>Entries of a jump table.</summary>
    public const int JumpTableEntries = 4096;

    /// <summary>Bytes of a jump table.</summary>
    public const int JumpTableSize = JumpTableEntries * 8;

    /// <summary>Offset of the first TLB bank.</summary>
    public const int TlbOffset = 0x1000;

    /// <summary>Entries in one TLB direction of one bank; a power of two.</summary>
    public const int TlbEntries = 16384;

    /// <summary>Bytes of one bank: the read entries, then the write entries.</summary>
    public const int TlbBankSize = 2 * TlbEntries * 16;

    /// <summary>Number of banks: supervisor, user, supervisor that may touch user pages.</summary>
    public const int TlbBanks = 3;

    /// <summary>Size of the structure in bytes.</summary>
    public const int TotalSize = NoPageOffset + 0x1000;

    // --- Architectural: hottest first ---
    [FieldOffset(GprOffset)] public fixed ulong Gpr[16];
    [FieldOffset(ZeroOffset)] public ulong Zero;

    /// <summary>RIP (EIP, IP) of the next instruction; exact at block boundaries and when a fault is pending.</summary>
    [FieldOffset(0x088)] public ulong Rip;

    /// <summary>RFLAGS without the six status flags, which live in <see cref="FlagResult"/> and <see cref="FlagAux"/>; see <see cref="Flags"/>.</summary>
    [FieldOffset(SystemFlagsOffset)] public ulong SystemFlags;

    /// <summary>Last result, sign-extended to 64 bits: gives ZF, SF and PF.</summary>
    [FieldOffset(0x098)] public ulong FlagResult;

    /// <summary>Carry bits of the last operation and corrections; see <see cref="Flags"/>.</summary>
    [FieldOffset(0x0A0)] public ulong FlagAux;

    /// <summary>The one word that asks the processor to leave its code at the next block boundary: bits of <see cref="ExitRequest"/>. Set by any thread with an interlocked OR.</summary>
    [FieldOffset(0x0A8)] public int Exit;

    /// <summary>Vector of the pending fault, or -1.</summary>
    [FieldOffset(0x0AC)] public int FaultVector;

    /// <summary>Error code of the pending fault, if its vector has one.</summary>
    [FieldOffset(0x0B0)] public uint FaultErrorCode;

    /// <summary>Current privilege level, 0 to 3.</summary>
    [FieldOffset(CplOffset)] public int Cpl;

    /// <summary>Instructions completed. Translated blocks count as a whole when they begin, also when a fault ends them early.</summary>
    [FieldOffset(0x0B8)] public ulong Retired;

    /// <summary>The TLB bank of the present mode.</summary>
    [FieldOffset(ReadTlbOffset)] public TlbEntry* ReadTlb;

    /// <summary>The write half of the TLB bank of the present mode.</summary>
    [FieldOffset(WriteTlbOffset)] public TlbEntry* WriteTlb;

    /// <summary>Handle of the managed processor object.</summary>
    [FieldOffset(0x0D0)] public nint Handle;

    /// <summary>Mode bits that are part of a block's key; see <see cref="CpuMode"/>.</summary>
    [FieldOffset(ModeOffset)] public uint Mode;

    /// <summary>Interrupt shadow: 1 for the one instruction after STI or MOV/POP SS.</summary>
    [FieldOffset(InterruptShadowOffset)] public int InterruptShadow;

    // --- Control registers ---
    [FieldOffset(0x0E0)] public ulong Cr0;
    [FieldOffset(0x0E8)] public ulong Cr2;
    [FieldOffset(0x0F0)] public ulong Cr3;
    [FieldOffset(Cr4Offset)] public ulong Cr4;
    [FieldOffset(0x100)] public ulong Efer;
    [FieldOffset(0x108)] public ulong Xcr0;

    /// <summary>Segment registers in <see cref="SegmentIndex"/> order: ES, CS, SS, DS, FS, GS, LDTR, TR.</summary>
    [FieldOffset(0x110)] public Segment SegmentArray;

    [FieldOffset(0x190)] public ulong GdtBase;
    [FieldOffset(0x198)] public ulong IdtBase;
    [FieldOffset(0x1A0)] public uint GdtLimit;
    [FieldOffset(0x1A4)] public uint IdtLimit;

    // --- Model-specific registers ---
    [FieldOffset(0x1A8)] public ulong Star;
    [FieldOffset(0x1B0)] public ulong Lstar;
    [FieldOffset(0x1B8)] public ulong Cstar;
    [FieldOffset(0x1C0)] public ulong Fmask;
    [FieldOffset(KernelGsBaseOffset)] public ulong KernelGsBase;
    [FieldOffset(0x1D0)] public ulong SysenterCs;
    [FieldOffset(0x1D8)] public ulong SysenterEsp;
    [FieldOffset(0x1E0)] public ulong SysenterEip;
    [FieldOffset(0x1E8)] public ulong Pat;
    [FieldOffset(0x1F0)] public ulong TscAux;
    [FieldOffset(0x1F8)] public ulong MiscEnable;
    [FieldOffset(0x200)] public ulong SpecCtrl;
    [FieldOffset(0x208)] public ulong MtrrDefType;
    [FieldOffset(0x210)] public fixed ulong MtrrVariable[16];
    [FieldOffset(0x290)] public fixed ulong MtrrFixed[11];
    [FieldOffset(0x2E8)] public ulong Xss;
    [FieldOffset(0x300)] public fixed ulong Dr[8];
    [FieldOffset(0x340)] public ulong McgStatus;
    [FieldOffset(0x348)] public ulong McgControl;
    [FieldOffset(0x350)] public ulong MicrocodeRevision;

    // --- Vector and floating point ---
    [FieldOffset(XmmOffset)] public fixed byte Xmm[16 * 32];
    [FieldOffset(X87Offset)] public fixed byte X87[8 * 16];

    /// <summary>x87 control word.</summary>
    [FieldOffset(0x680)] public ushort Fcw;

    /// <summary>x87 status word with the stack top in bits 13 to 11.</summary>
    [FieldOffset(0x682)] public ushort Fsw;

    /// <summary>x87 tags, abridged as FXSAVE stores them: bit n set when physical register n is in use.</summary>
    [FieldOffset(0x684)] public byte Ftw;
    [FieldOffset(0x686)] public ushort Fop;
    [FieldOffset(0x688)] public ulong Fip;
    [FieldOffset(0x690)] public ulong Fdp;
    [FieldOffset(0x698)] public uint Mxcsr;

    /// <summary>MXCSR with all exceptions masked for one instruction on the host's processor, and what it left there; see <see cref="Interpreter.Vex.HostVectorCode"/>.</summary>
    [FieldOffset(VexMxcsrOffset)] public uint VexMxcsr;

    // --- Run time ---
    [FieldOffset(BounceOffset)] public fixed byte Bounce[64];

    /// <summary>Guest linear address that the bounce buffer stands for.</summary>
    [FieldOffset(0x7C0)] public ulong BounceAddress;

    /// <summary>Bytes of the bounce buffer in use.</summary>
    [FieldOffset(0x7C8)] public int BounceSize;

    /// <summary>The block being executed; null outside blocks.</summary>
    [FieldOffset(0x7D0)] public CodeCache.Block* CurrentBlock;

    /// <summary>Bits of DR6 to set when the pending fault is a debug exception.</summary>
    [FieldOffset(0x7D8)] public ulong DebugStatus;

    /// <summary>Linear address of the pending page fault; becomes CR2 when the fault is delivered.</summary>
    [FieldOffset(0x7E0)] public ulong FaultAddress;

    /// <summary>1 when an interrupt waits for IF: enabling interrupts then asks for the block's end.</summary>
    [FieldOffset(WaitingInterruptOffset)] public int WaitingInterrupt;

    /// <summary>Status flags as translated code leaves them: AH as LAHF gives it, AL OF.</summary>
    [FieldOffset(HostFlagsOffset)] public uint HostFlags;

    /// <summary>Host stack pointer of the C# code that entered translated code.</summary>
    [FieldOffset(HostStackOffset)] public ulong HostStack;

    /// <summary>Where a direct jump left translated code that may be linked to its target; 0 for none.</summary>
    [FieldOffset(LinkSiteOffset)] public ulong LinkSite;

    /// <summary>Scratch of translated code: host code to go on at.</summary>
    [FieldOffset(ScratchOffset)] public ulong Scratch;

    /// <summary>Bits of a guest address that index a jump table.</summary>
    [FieldOffset(JumpMaskOffset)] public ulong JumpMask;

    /// <summary>What the upper halves of the YMM registers hold: they are moved only when they hold something.</summary>
    [FieldOffset(UpperHalvesOffset)] public int UpperHalves;

    /// <summary>The block whose page cells missed often, for <see cref="ExitRequest.CellMisses"/>.</summary>
    [FieldOffset(MissingBlockOffset)] public CodeCache.Block* MissingBlock;

    /// <summary>The second-level TLB.</summary>
    [FieldOffset(SecondLevelOffset)] public Paging.PageEntry* SecondLevel;

    /// <summary>Generation in which second-level entries of the present address space count.</summary>
    [FieldOffset(PresentGenerationOffset)] public ulong PresentGeneration;

    /// <summary>Generation in which second-level entries of global pages count.</summary>
    [FieldOffset(GlobalGenerationOffset)] public ulong GlobalGeneration;

    /// <summary>How many entries of each fill log are used; at <see cref="FillLogEntries"/> it does not tell all any more.</summary>
    [FieldOffset(FillCountsOffset)] public fixed int FillCounts[2];

    /// <summary>The segment register with the given index.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">A <see cref="SegmentIndex"/> value.</param>
    public static Segment* Seg(CpuState* s, int index) => &s->SegmentArray + index;

    /// <summary>A jump table.</summary>
    /// <param name="s">The state.</param>
    /// <param name="number">Its number; see <see cref="ModeBits.JumpTableOf"/>.</param>
    public static byte** JumpTable(CpuState* s, int number) => (byte**)((byte*)s + JumpTableOffset + (number * JumpTableSize));

    /// <summary>Offset of a page cell.</summary>
    /// <param name="bank">The TLB bank.</param>
    /// <param name="write">The direction.</param>
    /// <param name="baseRegister">0 to 15.</param>
    public static int CellOffset(int bank, bool write, int baseRegister) => CellsOffset + (((((bank * 2) + (write ? 1 : 0)) * Cells) + baseRegister) * 16);

    /// <summary>Address of a TLB bank's read half.</summary>
    /// <param name="s">The state.</param>
    /// <param name="bank">0 supervisor, 1 user, 2 supervisor that may touch user pages.</param>
    public static TlbEntry* Bank(CpuState* s, int bank) => (TlbEntry*)((byte*)s + TlbOffset + (bank * TlbBankSize));
}
