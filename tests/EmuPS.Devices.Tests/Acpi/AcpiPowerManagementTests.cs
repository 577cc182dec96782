using EmuPS.Devices.Acpi;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Acpi;

public sealed class AcpiPowerManagementTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLine _sci = new();
    private readonly AcpiPowerManagement _acpi;
    private int _sleepType = -1;

    public AcpiPowerManagementTests() => _acpi = new AcpiPowerManagement(_time, _sci, type => _sleepType = type);

    [Fact]
    public void The_smi_command_turns_acpi_on_and_off()
    {
        _acpi.SmiCommand.Write(0, 1, 0xF1);
        Assert.Equal(1UL, _acpi.Registers.Read(4, 2) & 1);
        Assert.True(_acpi.IsAcpiEnabled);
        _acpi.Registers.Write(4, 2, 0);
        Assert.True(_acpi.IsAcpiEnabled);
        _acpi.SmiCommand.Write(0, 1, 0xF0);
        Assert.False(_acpi.IsAcpiEnabled);
    }

    [Fact]
    public void A_general_event_drives_the_sci_until_it_is_cleared()
    {
        _acpi.RaiseGpe(3);
        Assert.False(_sci.Level);
        _acpi.GeneralEvents.Write(2, 1, 0x08);
        Assert.True(_sci.Level);
        Assert.Equal(0x0008_0008UL, _acpi.GeneralEvents.Read(0, 4));
        _acpi.GeneralEvents.Write(0, 1, 0x04);
        Assert.True(_sci.Level);
        _acpi.GeneralEvents.Write(0, 1, 0x08);
        Assert.False(_sci.Level);
        Assert.Equal(0x08UL, _acpi.GeneralEvents.Read(2, 1));
    }

    [Fact]
    public void The_power_button_is_a_fixed_event()
    {
        _acpi.Registers.Write(2, 2, 0x100);
        _acpi.PressPowerButton();
        Assert.True(_sci.Level);
        Assert.Equal(0x100UL, _acpi.Registers.Read(0, 2) & 0xFFFF);
        _acpi.Registers.Write(0, 2, 0x100);
        Assert.False(_sci.Level);
        Assert.Equal(0x100UL, _acpi.Registers.Read(2, 2) & 0xFFFF);
        _acpi.PressPowerButton();
        _acpi.Registers.Write(1, 1, 0x01);
        Assert.False(_sci.Level);
    }

    [Fact]
    public void Sleep_enable_asks_for_the_type_and_reads_as_zero()
    {
        _acpi.Registers.Write(4, 2, 0x2000);
        Assert.Equal(0, _sleepType);
        Assert.Equal(0UL, _acpi.Registers.Read(4, 2) & 0x2000);
        _acpi.Registers.Write(4, 2, 0x0400 | 0x2000);
        Assert.Equal(1, _sleepType);
    }

    [Fact]
    public void The_timer_has_24_bits_at_its_frequency()
    {
        _time.Advance(1_000_000_000);
        Assert.Equal(3_579_545UL, _acpi.Registers.Read(8, 4));
        _time.Advance(4_000_000_000);
        Assert.Equal((3_579_545UL * 5) & 0xFF_FFFF, _acpi.Registers.Read(8, 4));
    }

    [Fact]
    public void The_timers_top_bit_interrupts_when_enabled()
    {
        _acpi.Registers.Write(2, 2, 1);
        _time.Advance(2_343_000_000);
        Assert.False(_sci.Level);
        _time.Advance(1_000_000);
        Assert.True(_sci.Level);
        _acpi.Registers.Write(0, 2, 1);
        Assert.False(_sci.Level);
        _time.Advance(2_344_000_000);
        Assert.True(_sci.Level);
    }

    [Fact]
    public void Reset_lowers_everything()
    {
        _acpi.GeneralEvents.Write(2, 1, 0x08);
        _acpi.RaiseGpe(3);
        _acpi.Reset();
        Assert.False(_sci.Level);
        Assert.Equal(0UL, _acpi.GeneralEvents.Read(0, 4));
    }
}
