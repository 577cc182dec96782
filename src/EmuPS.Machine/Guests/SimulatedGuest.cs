using System;
using System.Buffers.Binary;
using EmuPS.Core.Memory;
using EmuPS.Cpu.Guests;

namespace EmuPS.Machine.Guests;

/// <summary>The host's hold on a running simulated guest: tells it through its mailbox how to answer.</summary>
public sealed class SimulatedGuest
{
    /// <summary>The name that stands for it where a guest image's name is asked for.</summary>
    public const string ImageName = "Simulated";

    private readonly IGuestMemory _memory;

    /// <summary>Attaches to the memory of a machine that runs it.</summary>
    public SimulatedGuest(IGuestMemory memory) => _memory = memory;

    /// <summary>Whether the guest is there and listens.</summary>
    public bool IsReady => Read32(0) == SimulatedGuestLayout.MailboxMagic && Read32(SimulatedGuestLayout.Ready) != 0;

    /// <summary>How many interrupts of the ACPI hardware it has answered.</summary>
    public uint InterruptCount => Read32(SimulatedGuestLayout.SciCount);

    /// <summary>How it answers removals, unless a slot has its own policy.</summary>
    public SimulatedGuestPolicy UnplugPolicy
    {
        get => (SimulatedGuestPolicy)Read8(SimulatedGuestLayout.RemovePolicy);
        set => Write8(SimulatedGuestLayout.RemovePolicy, (byte)value);
    }

    /// <summary>How it answers insertions, unless a slot has its own policy.</summary>
    public SimulatedGuestPolicy PlugPolicy
    {
        get => (SimulatedGuestPolicy)Read8(SimulatedGuestLayout.InsertPolicy);
        set => Write8(SimulatedGuestLayout.InsertPolicy, (byte)value);
    }

    /// <summary>How long it waits where the policy is to delay.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Read32(SimulatedGuestLayout.DelayMilliseconds));
        set => Write32(SimulatedGuestLayout.DelayMilliseconds, (uint)Math.Clamp(value.TotalMilliseconds, 0, uint.MaxValue));
    }

    /// <summary>A slot's own policy for removals; null when it follows the general one.</summary>
    public SimulatedGuestPolicy? GetSlotUnplugPolicy(int slot) => SlotPolicy(SimulatedGuestLayout.SlotRemovePolicies + Checked(slot));

    /// <summary>Gives a slot its own policy for removals, or with null takes it away.</summary>
    public void SetSlotUnplugPolicy(int slot, SimulatedGuestPolicy? policy) =>
        Write8(SimulatedGuestLayout.SlotRemovePolicies + Checked(slot), (byte?)policy ?? SimulatedGuestLayout.GeneralPolicy);

    /// <summary>A slot's own policy for insertions; null when it follows the general one.</summary>
    public SimulatedGuestPolicy? GetSlotPlugPolicy(int slot) => SlotPolicy(SimulatedGuestLayout.SlotInsertPolicies + Checked(slot));

    /// <summary>Gives a slot its own policy for insertions, or with null takes it away.</summary>
    public void SetSlotPlugPolicy(int slot, SimulatedGuestPolicy? policy) =>
        Write8(SimulatedGuestLayout.SlotInsertPolicies + Checked(slot), (byte?)policy ?? SimulatedGuestLayout.GeneralPolicy);

    /// <summary>Sets the <c>_OST</c> status with which it refuses a removal.</summary>
    public void SetUnplugRefusal(uint status) => Write32(SimulatedGuestLayout.RemoveRefusedStatus, status);

    /// <summary>Whether the guest uses the DIMM of a slot.</summary>
    public bool UsesSlot(int slot) => Read8(SimulatedGuestLayout.SlotStates + Checked(slot)) is 1 or 3;

    private static int Checked(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)slot, 255u, nameof(slot));
        return slot;
    }

    private SimulatedGuestPolicy? SlotPolicy(int offset) =>
        Read8(offset) is var value && value == SimulatedGuestLayout.GeneralPolicy ? null : (SimulatedGuestPolicy)value;

    private byte Read8(int offset)
    {
        Span<byte> bytes = stackalloc byte[1];
        _memory.TryRead(SimulatedGuestLayout.Mailbox + (ulong)offset, bytes);
        return bytes[0];
    }

    private uint Read32(int offset)
    {
        Span<byte> bytes = stackalloc byte[4];
        return _memory.TryRead(SimulatedGuestLayout.Mailbox + (ulong)offset, bytes) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }

    private void Write8(int offset, byte value) => _memory.TryWrite(SimulatedGuestLayout.Mailbox + (ulong)offset, [value]);

    private void Write32(int offset, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _memory.TryWrite(SimulatedGuestLayout.Mailbox + (ulong)offset, bytes);
    }
}
