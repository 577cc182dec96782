using System;
using System.Numerics;
using EmuPS.Core.Bus;

namespace EmuPS.Devices.Interrupts;

/// <summary>One 8259A interrupt controller: two ports.</summary>
public sealed class I8259 : IBusDevice
{
    private readonly Action<bool> _output;
    private readonly byte _edgeLevelWritable;
    private readonly bool _isMaster;
    private byte _lines;
    private byte _requested;
    private byte _inService;
    private byte _mask;
    private byte _base;
    private byte _edgeLevel;
    private byte _lowestPriority;
    private int _initialisationStep;
    private bool _needsFourthWord;
    private bool _single;
    private bool _levelTriggered;
    private bool _readsInService;
    private bool _poll;
    private bool _specialMask;
    private bool _specialFullyNested;
    private bool _autoEnd;
    private bool _rotateOnAutoEnd;

    /// <summary>Makes the chip.</summary>
    /// <param name="isMaster">True for the one whose input 2 is the other's output.</param>
    /// <param name="edgeLevelWritable">Which inputs the edge/level register may make level triggered.</param>
    /// <param name="output">Called with the output's level whenever it may have changed.</param>
    internal I8259(bool isMaster, byte edgeLevelWritable, Action<bool> output)
    {
        _isMaster = isMaster;
        _edgeLevelWritable = edgeLevelWritable;
        _output = output;
        Reset();
    }

    /// <summary>The edge/level control register: set bits make inputs level triggered.</summary>
    internal byte EdgeLevel
    {
        get => _edgeLevel;
        set
        {
            _edgeLevel = (byte)(value & _edgeLevelWritable);
            Update();
        }
    }

    /// <summary>True while the output requests service.</summary>
    internal bool HasInterrupt => Pending() >= 0;

    /// <summary>Puts the chip into its state after power-on; input levels and the edge/level register are handled as QEMU does.</summary>
    public void Reset()
    {
        Initialise();
        _edgeLevel = 0;
        _base = 0;
        _requested = 0;
        Update();
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (_poll)
        {
            _poll = false;
            int level = Pending();
            if (level < 0)
            {
                return 0;
            }

            TakeIntoService(level);
            return (ulong)(0x80 | level);
        }

        return (offset & 1) != 0 ? _mask : _readsInService ? _inService : _requested;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        byte data = (byte)value;
        if ((offset & 1) != 0)
        {
            WriteData(data);
        }
        else if ((data & 0x10) != 0)
        {
            Initialise();
            _initialisationStep = 1;
            _needsFourthWord = (data & 1) != 0;
            _single = (data & 2) != 0;
            _levelTriggered = (data & 8) != 0;
            Update();
        }
        else if ((data & 0x08) != 0)
        {
            WriteReadCommand(data);
        }
        else
        {
            WriteEndCommand(data);
        }
    }

    /// <summary>Drives an input.</summary>
    internal void SetInput(int level, bool asserted)
    {
        byte bit = (byte)(1 << level);
        bool rises = asserted && (_lines & bit) == 0;
        _lines = (byte)(asserted ? _lines | bit : _lines & ~bit);
        if (IsLevel(level))
        {
            _requested = (byte)(asserted ? _requested | bit : _requested & ~bit);
        }
        else if (rises)
        {
            _requested |= bit;
        }

        Update();
    }

    /// <summary>Runs the acknowledge cycle.</summary>
    /// <returns>The input that is now in service, or -1 for a spurious cycle.</returns>
    internal int Acknowledge(out byte vector)
    {
        int level = Pending();
        vector = (byte)(_base + (level < 0 ? 7 : level));
        if (level >= 0)
        {
            TakeIntoService(level);
        }

        return level;
    }

    private bool IsLevel(int level) => _levelTriggered || (_edgeLevel & (1 << level)) != 0;

    /// <summary>Distance of the highest-priority set bit from the top of the present order, or 8.</summary>
    private int PriorityOf(byte bits)
    {
        if (bits == 0)
        {
            return 8;
        }

        int top = (_lowestPriority + 1) & 7;
        return BitOperations.TrailingZeroCount((uint)((bits | (bits << 8)) >> top));
    }

    private int LevelAt(int priority) => (priority + _lowestPriority + 1) & 7;

    private int Pending()
    {
        byte candidates = (byte)(_requested & ~_mask);
        int priority = PriorityOf(candidates);
        if (priority == 8)
        {
            return -1;
        }

        byte blocking = _specialMask ? (byte)(_inService & ~_mask) : _inService;
        if (_specialFullyNested && _isMaster)
        {
            // The slave may interrupt its own service.
            blocking &= 0xFB;
        }

        return priority < PriorityOf(blocking) ? LevelAt(priority) : -1;
    }

    private void TakeIntoService(int level)
    {
        byte bit = (byte)(1 << level);
        if (!IsLevel(level))
        {
            _requested &= (byte)~bit;
        }

        if (!_autoEnd)
        {
            _inService |= bit;
        }
        else if (_rotateOnAutoEnd)
        {
            _lowestPriority = (byte)level;
        }

        Update();
    }

    private void Initialise()
    {
        // Edge requests do not survive initialisation; levels that are still driven do.
        _requested &= _edgeLevel;
        _inService = 0;
        _mask = 0;
        _lowestPriority = 7;
        _initialisationStep = 0;
        _levelTriggered = false;
        _readsInService = false;
        _poll = false;
        _specialMask = false;
        _specialFullyNested = false;
        _autoEnd = false;
        _rotateOnAutoEnd = false;
    }

    private void WriteData(byte data)
    {
        switch (_initialisationStep)
        {
            case 1:
                _base = (byte)(data & 0xF8);
                _initialisationStep = _single ? (_needsFourthWord ? 3 : 0) : 2;
                break;
            case 2:
                _initialisationStep = _needsFourthWord ? 3 : 0;
                break;
            case 3:
                _specialFullyNested = (data & 0x10) != 0;
                _autoEnd = (data & 2) != 0;
                _initialisationStep = 0;
                break;
            default:
                _mask = data;
                break;
        }

        Update();
    }

    private void WriteReadCommand(byte data)
    {
        _poll = (data & 4) != 0;
        if ((data & 2) != 0)
        {
            _readsInService = (data & 1) != 0;
        }

        if ((data & 0x40) != 0)
        {
            _specialMask = (data & 0x20) != 0;
        }

        Update();
    }

    private void WriteEndCommand(byte data)
    {
        int level = data & 7;
        switch (data >> 5)
        {
            case 0 or 4:
                _rotateOnAutoEnd = data >> 5 != 0;
                break;
            case 1 or 5:
                int priority = PriorityOf(_inService);
                if (priority != 8)
                {
                    int ended = LevelAt(priority);
                    _inService &= (byte)~(1 << ended);
                    if (data >> 5 == 5)
                    {
                        _lowestPriority = (byte)ended;
                    }
                }

                break;
            case 3:
                _inService &= (byte)~(1 << level);
                break;
            case 6:
                _lowestPriority = (byte)level;
                break;
            case 7:
                _inService &= (byte)~(1 << level);
                _lowestPriority = (byte)level;
                break;
        }

        Update();
    }

    private void Update() => _output(HasInterrupt);
}
