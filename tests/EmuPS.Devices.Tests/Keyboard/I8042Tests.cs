using EmuPS.Devices.Keyboard;
using EmuPS.Devices.Tests.Fakes;
using Xunit;

namespace EmuPS.Devices.Tests.Keyboard;

public sealed class I8042Tests
{
    private readonly RecordingLine _keyboard = new();
    private readonly RecordingLine _mouse = new();
    private readonly I8042 _controller;
    private int _resets;
    private bool _a20 = true;

    public I8042Tests() => _controller = new I8042(_keyboard, _mouse, () => _resets++, open => _a20 = open);

    [Theory]
    [InlineData(0xAA, 0x55)]
    [InlineData(0xAB, 0x00)]
    [InlineData(0xA9, 0x00)]
    public void Self_tests_pass(byte command, byte answer)
    {
        Assert.Equal(0UL, Status & 1);
        Command(command);
        Assert.Equal(1UL, Status & 0x21);
        Assert.Equal(answer, Data());
        Assert.Equal(0UL, Status & 1);
    }

    [Fact]
    public void The_command_byte_keeps_what_is_written()
    {
        Command(0x60);
        _controller.DataPort.Write(0, 1, 0x74);
        Command(0x20);
        Assert.False(_keyboard.Level);
        Assert.Equal(0x74, Data());
        Command(0xA8);
        Command(0x20);
        Assert.Equal(0x54, Data());
    }

    [Fact]
    public void A_missing_keyboard_answers_with_timeout_at_once()
    {
        _controller.DataPort.Write(0, 1, 0xF2);
        Assert.True(_keyboard.Level);
        Assert.Equal(0x41UL, Status & 0x61);
        Assert.Equal(0xFE, Data());
        Assert.False(_keyboard.Level);
        Command(0xD4);
        _controller.DataPort.Write(0, 1, 0xF2);
        Assert.True(_mouse.Level);
        Assert.Equal(0x61UL, Status & 0x61);
    }

    [Fact]
    public void The_auxiliary_loop_returns_its_byte()
    {
        Command(0xD3);
        _controller.DataPort.Write(0, 1, 0x5A);
        Assert.Equal(0x21UL, Status & 0x21);
        Assert.Equal(0x5A, Data());
    }

    [Fact]
    public void Reset_and_a20_leave_through_the_output_port()
    {
        Command(0xFE);
        Assert.Equal(1, _resets);
        Command(0xFF);
        Assert.Equal(1, _resets);
        Command(0xD1);
        _controller.DataPort.Write(0, 1, 0x01);
        Assert.False(_a20);
        Command(0xD0);
        Assert.Equal(0x01, Data());
    }

    private ulong Status => _controller.CommandPort.Read(0, 1);

    private void Command(byte value) => _controller.CommandPort.Write(0, 1, value);

    private byte Data() => (byte)_controller.DataPort.Read(0, 1);
}
