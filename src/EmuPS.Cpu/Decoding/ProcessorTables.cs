using EmuPS.Cpu.Guests;
using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>What all processors of the process share and the first one has to wait for: the decoder's and the encoder's tables, the host code of the instruction families, the simulated guest's program.</summary>
public static class ProcessorTables
{
    /// <summary>Makes them, on the calling thread; nothing when they are there. Made or not, a processor works.</summary>
    /// <remarks>A caller that has something else to do before it makes a machine calls this on another thread first.</remarks>
    public static void Load()
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader([0x90]));
        Instruction instruction = decoder.Decode();
        _ = instruction.GetOpRegister(0);
        _ = new InstructionInfoFactory().GetInfo(instruction);
        _ = Encoder.Create(64, new StreamCodeWriter(System.IO.Stream.Null)).Encode(instruction, 0);
        _ = new InstructionTable();
        _ = SimulatedGuestProgram.Image;
    }
}
