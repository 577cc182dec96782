namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Fixed addresses and offsets on which the tests, the oracle program and the emulated processor agree. All lie below 2 GiB, so that 32-bit code reaches them too.</summary>
internal static class OracleLayout
{
    /// <summary>Where the oracle program itself is loaded.</summary>
    public const uint ProgramBase = 0x7000_0000;

    /// <summary>The file that both sides map.</summary>
    public const uint SharedBase = 0x2000_0000;

    /// <summary>The page that code under test runs in, filled with INT3.</summary>
    public const uint CodeBase = 0x1000_0000;

    /// <summary>Where the code of a case starts.</summary>
    public const uint CodeStart = CodeBase + 0x800;

    /// <summary>Bytes of code a case may have; the rest of them is INT3.</summary>
    public const int CodeSize = 128;

    /// <summary>The pages that data under test lies in; the page before and the page behind are not mapped.</summary>
    public const uint DataBase = 0x3000_0000;

    /// <summary>Bytes of data pages.</summary>
    public const int DataSize = 0x2000;

    /// <summary>First window of the data pages whose contents travel with each case: across the boundary of the two pages.</summary>
    public const uint MiddleWindow = DataBase + 0xE00;

    /// <summary>Bytes of the first window.</summary>
    public const int MiddleWindowSize = 0x400;

    /// <summary>Second window: the last bytes before the page that is not mapped.</summary>
    public const uint EndWindow = DataBase + 0x1F00;

    /// <summary>Bytes of the second window.</summary>
    public const int EndWindowSize = 0x100;

    /// <summary>The oracle's signal stack, at an address that no code under test has in RSP by accident: the kernel would take it for being on that stack already.</summary>
    public const long SignalStackBase = 0x3A5C_71E0_0000;

    /// <summary>Bytes of the signal stack.</summary>
    public const int SignalStackSize = 0x1_0000;

    /// <summary>Base of FS in 64-bit cases.</summary>
    public const uint FsBase = DataBase - 0x1230;

    /// <summary>Base of GS in 64-bit cases.</summary>
    public const uint GsBase = DataBase + 0x0A58;

    /// <summary>Selector of 64-bit user code under Linux.</summary>
    public const ushort CodeSelector64 = 0x33;

    /// <summary>Selector of 32-bit user code under Linux.</summary>
    public const ushort CodeSelector32 = 0x23;

    /// <summary>Selector of user data under Linux; in DS, ES and SS.</summary>
    public const ushort DataSelector = 0x2B;

    /// <summary>Cases one hand-over holds.</summary>
    public const int BatchSize = 1024;

    /// <summary>Shared file: number of cases, written by the tests.</summary>
    public const int CountOffset = 0;

    /// <summary>Shared file: number of the case being run, written by the oracle.</summary>
    public const int IndexOffset = 8;

    /// <summary>Shared file: the oracle's pointer to the case being run.</summary>
    public const int CasePointerOffset = 16;

    /// <summary>Shared file: the oracle's pointer to its result.</summary>
    public const int ResultPointerOffset = 24;

    /// <summary>Shared file: the cases.</summary>
    public const int CasesOffset = 0x1000;

    /// <summary>Bytes of a case and of a result.</summary>
    public const int RecordSize = 0x940;

    /// <summary>Shared file: the results.</summary>
    public const int ResultsOffset = CasesOffset + (BatchSize * RecordSize);

    /// <summary>Size of the shared file.</summary>
    public const int SharedSize = (ResultsOffset + (BatchSize * RecordSize) + 0xFFF) & ~0xFFF;

    /// <summary>Record: the code bytes.</summary>
    public const int CodeOffset = 0x0A0;

    /// <summary>Record: x87 and SSE state as FXSAVE stores it.</summary>
    public const int FxOffset = 0x140;

    /// <summary>Record: upper halves of the YMM registers.</summary>
    public const int YmmOffset = 0x340;

    /// <summary>Record: the first window.</summary>
    public const int MiddleOffset = 0x440;

    /// <summary>Record: the second window.</summary>
    public const int EndOffset = 0x840;
}
