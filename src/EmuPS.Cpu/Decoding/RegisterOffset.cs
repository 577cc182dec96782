using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>Where a register lives in the state.</summary>
internal static class RegisterOffset
{
    /// <summary>State offset of a general, segment, vector, MMX or x87 register; the number of a control or debug register.</summary>
    /// <param name="register">The register.</param>
    public static ushort Of(Register register)
    {
        if (register is >= Register.AL and <= Register.R15L)
        {
            int number = register - Register.AL;

            // Iced orders AL CL DL BL AH CH DH BH SPL BPL SIL DIL R8L to R15L.
            return (ushort)(number < 4 ? number * 8 : number < 8 ? ((number - 4) * 8) + 1 : (number - 4) * 8);
        }

        if (register is >= Register.AX and <= Register.R15W)
        {
            return (ushort)((register - Register.AX) * 8);
        }

        if (register is >= Register.EAX and <= Register.R15D)
        {
            return (ushort)((register - Register.EAX) * 8);
        }

        if (register is >= Register.RAX and <= Register.R15)
        {
            return (ushort)((register - Register.RAX) * 8);
        }

        if (register is >= Register.XMM0 and <= Register.XMM15)
        {
            return (ushort)(CpuState.XmmOffset + ((register - Register.XMM0) * 32));
        }

        if (register is >= Register.YMM0 and <= Register.YMM15)
        {
            return (ushort)(CpuState.XmmOffset + ((register - Register.YMM0) * 32));
        }

        if (register is >= Register.MM0 and <= Register.MM7)
        {
            return (ushort)(CpuState.X87Offset + ((register - Register.MM0) * 16));
        }

        if (register is >= Register.ST0 and <= Register.ST7)
        {
            return (ushort)(register - Register.ST0);
        }

        if (register is >= Register.ES and <= Register.GS)
        {
            return (ushort)(register - Register.ES);
        }

        if (register is >= Register.CR0 and <= Register.CR15)
        {
            return (ushort)(register - Register.CR0);
        }

        return register is >= Register.DR0 and <= Register.DR15 ? (ushort)(register - Register.DR0) : (ushort)0;
    }
}
