using System;
using EmuPS.Cpu.Cpuid;
using EmuPS.Cpu.Guests;
using EmuPS.Cpu.Interpreter.Vex;
using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>What all processors of the process share and the first one has to wait for: the decoder's and the encoder's tables, the host code of the instruction families, the simulated guest's program.</summary>
public static class ProcessorTables
{
    private const ulong SomeFrequency = 1_000_000;

    private static readonly Lazy<bool> _loaded = new(Make);

    /// <summary>Makes them, on the calling thread; nothing when they are there. Made or not, a processor works.</summary>
    /// <remarks>A caller that has something else to do before it makes a machine calls this on another thread first.</remarks>
    public static void Load() => _ = _loaded.Value;

    private static bool Make()
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader([0x90]));
        Instruction instruction = decoder.Decode();
        _ = instruction.GetOpRegister(0);
        _ = new InstructionInfoFactory().GetInfo(instruction);
        _ = Encoder.Create(64, new StreamCodeWriter(System.IO.Stream.Null)).Encode(instruction, 0);
        using (HostVectorCode? vectors = HostVectorCode.TryMake(null))
        {
            // Asks for an instruction of every family.
            _ = new CpuidModel(SomeFrequency, 1, InstructionOffer.Of(new InstructionTable(vectors)));
        }

        _ = SimulatedGuestProgram.Image;
        return true;
    }
}
