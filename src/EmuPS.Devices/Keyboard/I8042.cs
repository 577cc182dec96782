using System;
using System.Collections.Generic;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;

namespace EmuPS.Devices.Keyboard;

/// <summary>The 8042 keyboard controller: ports 0x60 and 0x64. No keyboard or mouse is plugged in; it says so at once instead of letting drivers wait.</summary>
public sealed class I8042
{
    private const byte ModeKeyboardInterrupt = 0x01;
    private const byte ModeAuxiliaryInterrupt = 0x02;
    private const byte ModeSystem = 0x04;
    private const byte ModeKeyboardDisabled = 0x10;
    private const byte ModeAuxiliaryDisabled = 0x20;
    private const byte StatusOutputFull = 0x01;
    private const byte StatusCommand = 0x08;
    private const byte StatusUnlocked = 0x10;
    private const byte StatusAuxiliary = 0x20;
    private const byte StatusTimeout = 0x40;
    private const byte OutputNotReset = 0x01;
    private const byte OutputA20 = 0x02;
    private const byte Resend = 0xFE;

    private readonly ILine _keyboardInterrupt;
    private readonly ILine _auxiliaryInterrupt;
    private readonly Action _reset;
    private readonly Action<bool> _a20;
    private readonly Queue<Output> _output = new();
    private readonly byte[] _memory = new byte[32];
    private byte _pendingCommand;
    private byte _outputPort;
    private byte _lastValue;
    private bool _lastWriteWasCommand;

    /// <summary>Makes the controller.</summary>
    /// <param name="keyboardInterrupt">ISA interrupt 1.</param>
    /// <param name="auxiliaryInterrupt">ISA interrupt 12.</param>
    /// <param name="reset">Called when the guest pulses the reset output.</param>
    /// <param name="a20">Called with the level of the A20 gate when the guest writes it.</param>
    public I8042(ILine keyboardInterrupt, ILine auxiliaryInterrupt, Action reset, Action<bool> a20)
    {
        _keyboardInterrupt = keyboardInterrupt;
        _auxiliaryInterrupt = auxiliaryInterrupt;
        _reset = reset;
        _a20 = a20;
        DataPort = new Port(this, isData: true);
        CommandPort = new Port(this, isData: false);
        Reset();
    }

    /// <summary>Port 0x60.</summary>
    public IBusDevice DataPort { get; }

    /// <summary>Port 0x64.</summary>
    public IBusDevice CommandPort { get; }

    private ref byte Mode => ref _memory[0];

    /// <summary>Puts the controller into its state after power-on, with A20 open.</summary>
    public void Reset()
    {
        Array.Clear(_memory);
        Mode = ModeKeyboardInterrupt | ModeAuxiliaryInterrupt | ModeSystem;
        _output.Clear();
        _pendingCommand = 0;
        _outputPort = OutputNotReset | OutputA20;
        _lastWriteWasCommand = false;
        Update();
    }

    private byte ReadStatus()
    {
        byte status = (byte)(StatusUnlocked | (Mode & ModeSystem) | (_lastWriteWasCommand ? StatusCommand : 0));
        return _output.TryPeek(out Output? next) ? (byte)(status | StatusOutputFull | next.Flags) : status;
    }

    private byte ReadData()
    {
        if (_output.TryDequeue(out Output? next))
        {
            _lastValue = next.Value;
            _keyboardInterrupt.Set(false);
            _auxiliaryInterrupt.Set(false);
            Update();
        }

        return _lastValue;
    }

    private void WriteCommand(byte command)
    {
        _lastWriteWasCommand = true;
        _pendingCommand = 0;
        switch (command)
        {
            case >= 0x20 and <= 0x3F:
                Answer(_memory[command - 0x20]);
                break;
            case >= 0x60 and <= 0x7F:
            case 0xD1 or 0xD2 or 0xD3 or 0xD4:
                _pendingCommand = command;
                break;
            case 0xA7:
                Mode |= ModeAuxiliaryDisabled;
                break;
            case 0xA8:
                Mode &= unchecked((byte)~ModeAuxiliaryDisabled);
                break;
            case 0xA9 or 0xAB:
                Answer(0x00);
                break;
            case 0xAA:
                Mode |= ModeSystem;
                Answer(0x55);
                break;
            case 0xAD:
                Mode |= ModeKeyboardDisabled;
                break;
            case 0xAE:
                Mode &= unchecked((byte)~ModeKeyboardDisabled);
                break;
            case 0xC0:
                Answer(0x80);
                break;
            case 0xD0:
                Answer((byte)(_outputPort | (_output.Count > 0 ? 0x10 : 0)));
                break;
            case 0xDD:
                SetOutputPort((byte)(_outputPort & ~OutputA20));
                break;
            case 0xDF:
                SetOutputPort((byte)(_outputPort | OutputA20));
                break;
            case >= 0xF0 when (command & 1) == 0:
                _reset();
                break;
        }

        Update();
    }

    private void WriteData(byte value)
    {
        _lastWriteWasCommand = false;
        byte command = _pendingCommand;
        _pendingCommand = 0;
        switch (command)
        {
            case >= 0x60 and <= 0x7F:
                _memory[command - 0x60] = value;
                break;
            case 0xD1:
                SetOutputPort(value);
                break;
            case 0xD2:
                Answer(value);
                break;
            case 0xD3:
                _output.Enqueue(new(value, StatusAuxiliary));
                break;
            case 0xD4:
                _output.Enqueue(new(Resend, StatusAuxiliary | StatusTimeout));
                break;
            default:
                Mode &= unchecked((byte)~ModeKeyboardDisabled);
                _output.Enqueue(new(Resend, StatusTimeout));
                break;
        }

        Update();
    }

    private void Answer(byte value)
    {
        _output.Enqueue(new(value, 0));
        Update();
    }

    private void SetOutputPort(byte value)
    {
        _outputPort = value;
        _a20((value & OutputA20) != 0);
        if ((value & OutputNotReset) == 0)
        {
            _reset();
        }
    }

    private void Update()
    {
        bool full = _output.TryPeek(out Output? next);
        bool auxiliary = full && (next!.Flags & StatusAuxiliary) != 0;
        _keyboardInterrupt.Set(full && !auxiliary && (Mode & ModeKeyboardInterrupt) != 0);
        _auxiliaryInterrupt.Set(full && auxiliary && (Mode & ModeAuxiliaryInterrupt) != 0);
    }

    private sealed record Output(byte Value, byte Flags);

    private sealed class Port(I8042 owner, bool isData) : IBusDevice
    {
        public ulong Read(ulong offset, int size) => isData ? owner.ReadData() : owner.ReadStatus();

        public void Write(ulong offset, int size, ulong value)
        {
            if (isData)
            {
                owner.WriteData((byte)value);
            }
            else
            {
                owner.WriteCommand((byte)value);
            }
        }
    }
}
