using System;

namespace EmuPS.Devices.Interrupts;

/// <summary>What connects local APICs with each other and with the IOAPIC.</summary>
/// <remarks>Processors are attached before the machine starts; delivery then needs no lock of its own.</remarks>
public sealed class ApicBus : IInterruptMessageSink
{
    private LocalApic[] _apics = [];

    /// <summary>Called with the vector when a processor has ended a level-triggered interrupt: the IOAPICs listen.</summary>
    public Action<byte>? EndOfInterrupt { get; set; }

    /// <summary>Attaches a processor's local APIC.</summary>
    /// <param name="apic">The local APIC.</param>
    public void Attach(LocalApic apic) => _apics = [.. _apics, apic];

    /// <inheritdoc/>
    public void Deliver(in InterruptMessage message)
    {
        LocalApic[] apics = _apics;
        if (message.DeliveryMode == DeliveryMode.LowestPriority)
        {
            DeliverToLowest(apics, message);
            return;
        }

        foreach (LocalApic apic in apics)
        {
            if (apic.IsAddressedBy(message.Destination, message.Logical))
            {
                apic.Accept(message);
            }
        }
    }

    /// <summary>Delivers to all processors whatever the message's destination says.</summary>
    /// <param name="message">The message.</param>
    /// <param name="except">A processor to leave out, usually the sender.</param>
    public void DeliverToAll(in InterruptMessage message, LocalApic? except)
    {
        foreach (LocalApic apic in _apics)
        {
            if (!ReferenceEquals(apic, except))
            {
                apic.Accept(message);
            }
        }
    }

    private static void DeliverToLowest(LocalApic[] apics, in InterruptMessage message)
    {
        LocalApic? lowest = null;
        foreach (LocalApic apic in apics)
        {
            if (apic.IsAddressedBy(message.Destination, message.Logical) && apic.AcceptsVectors
                && (lowest is null || apic.ProcessorPriority < lowest.ProcessorPriority))
            {
                lowest = apic;
            }
        }

        lowest?.Accept(message);
    }
}
