namespace EmuPS.Cpu.Guests;

/// <summary>Where the simulated guest keeps what, in guest-physical memory.</summary>
/// <remarks>
/// The mailbox is one page through which the host tells the guest, at any time, how to answer, and the guest tells what it did.
/// All numbers are little-endian. A policy is a byte: 0 accept, 1 refuse, 2 delay and then accept, 3 ignore (the event's flag stays set).
/// <code>
/// 0x000  u32  magic, "EMSG"
/// 0x004  u32  version, 1
/// 0x008  u8   policy for insert events
/// 0x009  u8   policy for remove events
/// 0x00C  u32  the delay in milliseconds
/// 0x010  u32  the _OST status of a refused removal (0x82, busy)
/// 0x014  u32  the _OST status of a refused insertion (1, failure)
/// 0x018  u32  the number of slots to look at (256)
/// 0x01C  u32  1 when the guest is ready (written by the guest)
/// 0x020  u32  the number of SCIs it answered (written by the guest)
/// 0x100  u8 x 256  a slot's own policy for remove events, 0xFF for the general one
/// 0x200  u8 x 256  a slot's own policy for insert events, 0xFF for the general one
/// 0x300  u8 x 256  a slot's state: 0 empty, 1 in use, 2 an insertion waits, 3 a removal waits (written by the guest)
/// </code>
/// </remarks>
public static class SimulatedGuestLayout
{
    /// <summary>Where the image begins.</summary>
    public const uint ImageBase = 0x10_0000;

    /// <summary>The first address past everything the guest uses.</summary>
    public const uint End = 0x11_0000;

    /// <summary>The mailbox.</summary>
    public const uint Mailbox = ImageBase + 0xB000;

    /// <summary>The mailbox's first four bytes, as a number.</summary>
    public const uint MailboxMagic = 0x4753_4D45;

    /// <summary>Offset of the policy for insert events.</summary>
    public const int InsertPolicy = 0x008;

    /// <summary>Offset of the policy for remove events.</summary>
    public const int RemovePolicy = 0x009;

    /// <summary>Offset of the delay.</summary>
    public const int DelayMilliseconds = 0x00C;

    /// <summary>Offset of the status of a refused removal.</summary>
    public const int RemoveRefusedStatus = 0x010;

    /// <summary>Offset of the status of a refused insertion.</summary>
    public const int InsertRefusedStatus = 0x014;

    /// <summary>Offset of the number of slots.</summary>
    public const int SlotCount = 0x018;

    /// <summary>Offset of the ready word.</summary>
    public const int Ready = 0x01C;

    /// <summary>Offset of the count of SCIs.</summary>
    public const int SciCount = 0x020;

    /// <summary>Offset of the slots' own policies for remove events.</summary>
    public const int SlotRemovePolicies = 0x100;

    /// <summary>Offset of the slots' own policies for insert events.</summary>
    public const int SlotInsertPolicies = 0x200;

    /// <summary>Offset of the slots' states.</summary>
    public const int SlotStates = 0x300;

    /// <summary>What stands for "the general policy" in a slot's own policy.</summary>
    public const byte GeneralPolicy = 0xFF;

    internal const uint Descriptors = ImageBase + 0x3000;
    internal const uint GdtPointer = Descriptors + 0x40;
    internal const uint IdtPointer = Descriptors + 0x50;
    internal const uint StartIn32Bit = Descriptors + 0x100;
    internal const uint PageTables = ImageBase + 0x4000;
    internal const uint Idt = ImageBase + 0xA000;
    internal const uint Delays = ImageBase + 0xC000;
}
