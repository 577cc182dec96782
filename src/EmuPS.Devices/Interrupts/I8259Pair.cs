using System;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;

namespace EmuPS.Devices.Interrupts;

/// <summary>The PC's two cascaded 8259 interrupt controllers with their edge/level registers: 15 inputs, one output.</summary>
public sealed class I8259Pair : IExternalInterruptSource
{
    private const int Cascade = 2;
    private readonly Lock _deviceLock;
    private readonly Line _output;
    private readonly Line[] _inputs = new Line[16];

    /// <summary>Makes the pair.</summary>
    /// <param name="output">Called with the level of the pair's output when it changes.</param>
    /// <param name="deviceLock">The machine's device lock; only the acknowledge cycle, which comes from a processor, takes it.</param>
    public I8259Pair(Action<bool> output, Lock deviceLock)
    {
        _deviceLock = deviceLock;
        _output = new Line(output);
        Master = new I8259(isMaster: true, edgeLevelWritable: 0xF8, _output.Set);
        Slave = new I8259(isMaster: false, edgeLevelWritable: 0xDE, asserted => Master.SetInput(Cascade, asserted));
        EdgeLevelControl = new EdgeLevelControl(Master, Slave);
        for (int i = 0; i < _inputs.Length; i++)
        {
            int irq = i;
            _inputs[i] = new Line(asserted => SetInput(irq, asserted));
        }
    }

    /// <summary>Ports 0x20 and 0x21.</summary>
    public I8259 Master { get; }

    /// <summary>Ports 0xA0 and 0xA1.</summary>
    public I8259 Slave { get; }

    /// <summary>Ports 0x4D0 and 0x4D1.</summary>
    public IBusDevice EdgeLevelControl { get; }

    /// <summary>True while the pair requests service.</summary>
    public bool HasInterrupt => Master.HasInterrupt;

    /// <summary>Returns a wire to an input.</summary>
    /// <param name="irq">0 to 15; 2 is the cascade and goes nowhere.</param>
    public ILine GetInput(int irq)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)irq, 15u);
        return _inputs[irq];
    }

    /// <inheritdoc/>
    public byte Acknowledge()
    {
        lock (_deviceLock)
        {
            if (Master.Acknowledge(out byte vector) == Cascade)
            {
                Slave.Acknowledge(out vector);
            }

            return vector;
        }
    }

    /// <summary>Puts both chips into their state after power-on.</summary>
    public void Reset()
    {
        Slave.Reset();
        Master.Reset();
    }

    private void SetInput(int irq, bool asserted)
    {
        if (irq >= 8)
        {
            Slave.SetInput(irq - 8, asserted);
        }
        else if (irq != Cascade)
        {
            Master.SetInput(irq, asserted);
        }
    }
}
