using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>IA32_PAT and the memory-type range registers (SDM vol. 3, 12.11 and 12.12). They are kept and checked; caching itself has no effect here.</summary>
internal static unsafe class MemoryTypes
{
    private const uint Capabilities = 0xFE;
    private const uint FirstVariable = 0x200;
    private const uint VariableCount = 8;
    private const uint PatRegister = 0x277;
    private const uint DefaultType = 0x2FF;
    private const ulong WriteBack = 6;

    /// <summary>PAT after power-on: WB, WT, UC-, UC, twice.</summary>
    private const ulong PatPowerOn = 0x0007_0406_0007_0406;

    /// <summary>Eight variable ranges, fixed ranges, write-combining.</summary>
    private const ulong CapabilitiesValue = VariableCount | (1 << 8) | (1 << 10);

    /// <summary>Types that a byte of an MTRR may have: UC, WC, WT, WP, WB.</summary>
    private const int RangeTypes = 0b0111_0011;

    /// <summary>Types of a PAT entry: the same and UC-.</summary>
    private const int PatTypes = RangeTypes | 0b1000_0000;

    /// <summary>The state after power-on: ranges disabled, everything uncached.</summary>
    /// <param name="s">The state.</param>
    public static void PowerOn(CpuState* s)
    {
        s->Pat = PatPowerOn;
        s->MtrrDefType = 0;
        for (int n = 0; n < 16; n++)
        {
            s->MtrrVariable[n] = 0;
        }

        for (int n = 0; n < 11; n++)
        {
            s->MtrrFixed[n] = 0;
        }
    }

    /// <summary>What firmware leaves behind, for guests that start without one: memory write-back, the legacy video range uncached.</summary>
    /// <param name="s">The state.</param>
    public static void SetUpLikeFirmware(CpuState* s)
    {
        s->MtrrDefType = (1 << 11) | (1 << 10) | WriteBack;
        for (int n = 0; n < 11; n++)
        {
            // The third register holds 0xA0000 to 0xBFFFF.
            s->MtrrFixed[n] = n == 2 ? 0 : WriteBack * 0x0101_0101_0101_0101;
        }
    }

    /// <summary>Whether the index is one of these registers.</summary>
    /// <param name="index">Register index.</param>
    public static bool IsKnown(uint index)
        => index is Capabilities or PatRegister or DefaultType || index - FirstVariable < 2 * VariableCount || FixedNumber(index) >= 0;

    /// <summary>Reads a register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">Register index.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when it is not one of these.</returns>
    public static bool TryRead(CpuState* s, uint index, out ulong value)
    {
        int number = FixedNumber(index);
        value = index switch
        {
            Capabilities => CapabilitiesValue,
            PatRegister => s->Pat,
            DefaultType => s->MtrrDefType,
            _ when index - FirstVariable < 2 * VariableCount => s->MtrrVariable[index - FirstVariable],
            _ when number >= 0 => s->MtrrFixed[number],
            _ => 0,
        };
        return IsKnown(index);
    }

    /// <summary>Writes a register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">Index of a known register.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    public static bool TryWrite(CpuState* s, uint index, ulong value)
    {
        ulong reserved = ~0UL << VirtualProcessor.Of(s).Model.PhysicalAddressBits;
        int number = FixedNumber(index);
        if (index == PatRegister)
        {
            if (!AreTypes(value, PatTypes))
            {
                return false;
            }

            s->Pat = value;
        }
        else if (index == DefaultType)
        {
            if ((value & ~0xCFFUL) != 0 || !IsType((byte)value, RangeTypes))
            {
                return false;
            }

            s->MtrrDefType = value;
        }
        else if (number >= 0)
        {
            if (!AreTypes(value, RangeTypes))
            {
                return false;
            }

            s->MtrrFixed[number] = value;
        }
        else if (index - FirstVariable < 2 * VariableCount)
        {
            // Bases are even and hold a type, masks are odd and hold the valid bit.
            bool isBase = (index & 1) == 0;
            reserved |= isBase ? 0xF00UL : 0x7FFUL;
            if ((value & reserved) != 0 || (isBase && !IsType((byte)value, RangeTypes)))
            {
                return false;
            }

            s->MtrrVariable[index - FirstVariable] = value;
        }
        else
        {
            return false;
        }

        Tlb.FlushAll(s);
        return true;
    }

    private static int FixedNumber(uint index) => index switch
    {
        0x250 => 0,
        0x258 => 1,
        0x259 => 2,
        >= 0x268 and <= 0x26F => (int)(index - 0x268) + 3,
        _ => -1,
    };

    private static bool IsType(byte type, int allowed) => type < 8 && (allowed & (1 << type)) != 0;

    private static bool AreTypes(ulong value, int allowed)
    {
        for (int shift = 0; shift < 64; shift += 8)
        {
            if (!IsType((byte)(value >> shift), allowed))
            {
                return false;
            }
        }

        return true;
    }
}
