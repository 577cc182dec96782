using System.Collections.Generic;
using EmuPS.Core.Processor;

namespace EmuPS.Devices.Tests.Fakes;

internal sealed class RecordingProcessor : IProcessorSignals
{
    public List<string> Signals { get; } = [];

    public int Interrupts { get; private set; }

    public void SignalInterrupt() => Interrupts++;

    public void SignalNmi() => Signals.Add("nmi");

    public void SignalInit() => Signals.Add("init");

    public void SignalStartUp(byte vector) => Signals.Add($"startup {vector:x2}");
}
