using System;
using System.Buffers.Binary;
using EmuPS.Cpu;
using EmuPS.Cpu.Guests;

namespace EmuPS.Machine.Boot;

/// <summary>The guest of our own.</summary>
internal sealed class SimulatedBootImage : BootImage
{
    // General policies, delay and statuses; then the slots' own policies.
    private const int PoliciesStart = SimulatedGuestLayout.InsertPolicy;
    private const int PoliciesLength = SimulatedGuestLayout.SlotCount - PoliciesStart;
    private const int SlotPoliciesStart = SimulatedGuestLayout.SlotRemovePolicies;
    private const int SlotPoliciesLength = SimulatedGuestLayout.SlotStates - SlotPoliciesStart;

    private bool _loaded;

    /// <inheritdoc/>
    public override ProcessorEntry Load(BootTarget target)
    {
        // How the host told it to answer outlives a reset.
        byte[] policies = new byte[PoliciesLength];
        byte[] slotPolicies = new byte[SlotPoliciesLength];
        bool keep = _loaded && target.TryRead(SimulatedGuestLayout.Mailbox + PoliciesStart, policies)
            && target.TryRead(SimulatedGuestLayout.Mailbox + SlotPoliciesStart, slotPolicies);
        ReadOnlySpan<byte> image = SimulatedGuestProgram.Image.Span;
        target.Write(SimulatedGuestLayout.ImageBase, image);
        target.Clear(SimulatedGuestLayout.ImageBase + (ulong)image.Length, SimulatedGuestLayout.End - SimulatedGuestLayout.ImageBase - (ulong)image.Length);
        Span<byte> slots = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(slots, (uint)target.MemorySlots);
        target.Write(SimulatedGuestLayout.Mailbox + SimulatedGuestLayout.SlotCount, slots);
        if (keep)
        {
            target.Write(SimulatedGuestLayout.Mailbox + PoliciesStart, policies);
            target.Write(SimulatedGuestLayout.Mailbox + SlotPoliciesStart, slotPolicies);
        }

        _loaded = true;
        target.WriteDescriptors(long64: true);
        target.WriteIdentityPageTables();
        return new ProcessorEntry(EntryMode.Long64, SimulatedGuestProgram.EntryPoint)
        {
            Rsp = BootTarget.StackTop,
            Cr3 = BootTarget.PageTables,
            GdtBase = BootTarget.Descriptors,
            GdtLimit = BootTarget.DescriptorsLimit,
        };
    }
}
