using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;

namespace EmuPS.Cpu.Paging;

/// <summary>Accesses to physical addresses where no RAM lies: the local APIC's window, devices, holes.</summary>
internal static unsafe class PhysicalAccess
{
    /// <summary>Reads bytes. A hole reads as all ones.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="physical">Guest physical address; the bytes lie on one page.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="size">1 to 64.</param>
    public static void ReadDevice(VirtualProcessor cpu, ulong physical, byte* destination, int size)
    {
        if (cpu.Journal is { } journal)
        {
            journal.TouchedDevice = true;
        }

        for (int done = 0; done < size;)
        {
            int piece = Piece(physical, size - done);
            ulong value = ReadPiece(cpu, physical, piece);
            for (int i = 0; i < piece; i++)
            {
                destination[done + i] = (byte)(value >> (8 * i));
            }

            done += piece;
            physical += (ulong)piece;
        }
    }

    /// <summary>Writes bytes. A hole ignores them.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="physical">Guest physical address; the bytes lie on one page.</param>
    /// <param name="source">Where the bytes are.</param>
    /// <param name="size">1 to 64.</param>
    public static void WriteDevice(VirtualProcessor cpu, ulong physical, byte* source, int size)
    {
        if (cpu.Journal is { } journal)
        {
            journal.TouchedDevice = true;
        }

        for (int done = 0; done < size;)
        {
            int piece = Piece(physical, size - done);
            ulong value = 0;
            for (int i = 0; i < piece; i++)
            {
                value |= (ulong)source[done + i] << (8 * i);
            }

            WritePiece(cpu, physical, piece, value);
            done += piece;
            physical += (ulong)piece;
        }
    }

    /// <summary>The largest naturally aligned piece at an address: what one bus access carries.</summary>
    private static int Piece(ulong physical, int remaining)
    {
        int piece = 8;
        while (piece > remaining || (physical & (ulong)(piece - 1)) != 0)
        {
            piece >>= 1;
        }

        return piece;
    }

    private static ulong ReadPiece(VirtualProcessor cpu, ulong physical, int size)
    {
        if (cpu.IsLocalApicPage(physical))
        {
            return cpu.LocalApic.ReadWindow((uint)physical & 0xFFF, size);
        }

        MmioRegion? region = cpu.Memory.Map.FindMmio(physical);
        if (region is null)
        {
            cpu.Anomalies.Report(GuestAnomaly.UnmappedMemoryRead, physical & ~0xFFFUL);
            return ulong.MaxValue;
        }

        lock (cpu.DeviceLock)
        {
            return region.Device.Read(physical - region.Range.Start, size);
        }
    }

    private static void WritePiece(VirtualProcessor cpu, ulong physical, int size, ulong value)
    {
        if (cpu.IsLocalApicPage(physical))
        {
            cpu.LocalApic.WriteWindow((uint)physical & 0xFFF, size, value);
            return;
        }

        MmioRegion? region = cpu.Memory.Map.FindMmio(physical);
        if (region is null)
        {
            cpu.Anomalies.Report(GuestAnomaly.UnmappedMemoryWrite, physical & ~0xFFFUL);
            return;
        }

        lock (cpu.DeviceLock)
        {
            region.Device.Write(physical - region.Range.Start, size, value);
        }
    }
}
