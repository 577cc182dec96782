using System;
using EmuPS.Core.Lines;

namespace EmuPS.Devices.Interrupts;

/// <summary>The wiring between devices and interrupt controllers: an ISA interrupt goes to the 8259 pair and to the IOAPIC.</summary>
public sealed class InterruptRouter
{
    private readonly Line[] _lines = new Line[IoApic.Pins];

    /// <summary>Wires the controllers. ISA interrupt 0 arrives at IOAPIC pin 2, as the MADT's override says.</summary>
    /// <param name="pair">The 8259 pair.</param>
    /// <param name="ioApic">The IOAPIC.</param>
    public InterruptRouter(I8259Pair pair, IoApic ioApic)
    {
        for (int i = 0; i < _lines.Length; i++)
        {
            ILine? legacy = i < 16 ? pair.GetInput(i) : null;
            ILine modern = ioApic.GetInput(i == 0 ? 2 : i);
            _lines[i] = new Line(asserted =>
            {
                legacy?.Set(asserted);
                modern.Set(asserted);
            });
        }
    }

    /// <summary>Returns the wire of an interrupt. Everyone who asks gets the same one; a wire with several drivers needs a <see cref="SharedLine"/>.</summary>
    /// <param name="irq">ISA interrupt 0 to 15, or IOAPIC pin 16 to 23.</param>
    public ILine GetInput(int irq)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)irq, (uint)_lines.Length);
        return _lines[irq];
    }
}
