using System.Threading;
using EmuPS.Core.Processor;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Interrupts;

/// <summary>A processor's local APIC in xAPIC or x2APIC mode (SDM vol. 3, chapter 13), with the 8259 pair behind LINT0 and NMI behind LINT1.</summary>
/// <remarks>
/// A private lock guards the state. It is a leaf: nothing that may take the device lock or another APIC's lock is called while it is held,
/// so devices and other processors can deliver from any thread. The polled question whether an interrupt waits reads one volatile field.
/// </remarks>
public sealed partial class LocalApic : ILocalInterruptController
{
    private const ulong BaseAddress = 0xFEE0_0000;
    private const ulong BaseBootstrap = 1UL << 8;
    private const ulong BaseX2 = 1UL << 10;
    private const ulong BaseEnable = 1UL << 11;
    private const ulong BaseReserved = ~((1UL << 52) - 1) | 0x2FF;
    private const uint SpuriousEnable = 1u << 8;
    private const uint Masked = 1u << 16;
    private const uint ErrorSendIllegalVector = 1u << 5;
    private const uint ErrorReceiveIllegalVector = 1u << 6;
    private const uint ErrorIllegalRegister = 1u << 7;

    private readonly Lock _lock = new();
    private readonly uint _id;
    private readonly bool _bootstrap;
    private readonly ApicBus _bus;
    private readonly IProcessorSignals _processor;
    private readonly IExternalInterruptSource? _external;
    private readonly ApicTimer _timer;
    private readonly InterruptBits _requested = new();
    private readonly InterruptBits _inService = new();
    private readonly InterruptBits _levelTriggered = new();
    private readonly uint[] _vectorTable = new uint[6];
    private ulong _base;
    private uint _taskPriority;
    private uint _logicalDestination;
    private uint _destinationFormat;
    private uint _spurious;
    private uint _errorLatched;
    private uint _errorPending;
    private ulong _command;
    private bool _externalAsserted;
    private bool _nmiAsserted;
    private volatile bool _hasInterrupt;

    /// <summary>Makes a local APIC in its state after power-on and attaches it to the bus.</summary>
    /// <param name="id">The APIC id.</param>
    /// <param name="bootstrap">True for the processor that starts the machine; its LINT0 then passes the 8259 pair through, as firmware leaves it.</param>
    /// <param name="bus">The way to other processors and the IOAPIC.</param>
    /// <param name="processor">The processor that it serves.</param>
    /// <param name="external">The 8259 pair, or null for a processor that it is not wired to.</param>
    /// <param name="time">The machine's timers.</param>
    /// <param name="tsc">The processor's time-stamp counter.</param>
    /// <param name="crystalFrequency">Timer ticks per second before the divider: the crystal of CPUID leaf 0x15.</param>
    public LocalApic(
        uint id,
        bool bootstrap,
        ApicBus bus,
        IProcessorSignals processor,
        IExternalInterruptSource? external,
        ITimerService time,
        ITimeStampCounter tsc,
        ulong crystalFrequency)
    {
        _id = id;
        _bootstrap = bootstrap;
        _bus = bus;
        _processor = processor;
        _external = external;
        _timer = new ApicTimer(time, tsc, crystalFrequency, $"apic{id}", OnTimer);
        Reset(init: false);
        bus.Attach(this);
    }

    private enum Vector
    {
        Timer = 0,
        Thermal = 1,
        Performance = 2,
        Lint0 = 3,
        Lint1 = 4,
        Error = 5,
    }

    /// <summary>The APIC id.</summary>
    public uint Id => _id;

    /// <inheritdoc/>
    public bool HasInterrupt => _hasInterrupt;

    /// <summary>True when the APIC takes fixed interrupts: enabled by hardware and software.</summary>
    public bool AcceptsVectors => (_base & BaseEnable) != 0 && (_spurious & SpuriousEnable) != 0;

    /// <inheritdoc/>
    public byte TaskPriorityClass
    {
        get => (byte)(_taskPriority >> 4);
        set
        {
            lock (_lock)
            {
                _taskPriority = (uint)(value & 0xF) << 4;
                Update();
            }

            SignalIfWaiting();
        }
    }

    /// <inheritdoc/>
    public ulong ApicBase => Volatile.Read(ref _base);

    /// <summary>The processor priority: the higher of the task priority and the interrupt in service.</summary>
    public uint ProcessorPriority
    {
        get
        {
            lock (_lock)
            {
                return Priority();
            }
        }
    }

    private bool IsX2 => (_base & BaseX2) != 0;

    /// <summary>Drives LINT0's ExtINT request: the output of the 8259 pair. Any thread.</summary>
    /// <param name="asserted">True while the pair requests service.</param>
    public void SetExternalInterrupt(bool asserted)
    {
        lock (_lock)
        {
            _externalAsserted = asserted;
            Update();
        }

        SignalIfWaiting();
    }

    /// <summary>Drives LINT1, the machine's NMI wire. A rising edge takes what the local vector table says. Any thread.</summary>
    /// <param name="asserted">The level.</param>
    public void SetNonMaskable(bool asserted)
    {
        uint entry;
        lock (_lock)
        {
            bool rises = asserted && !_nmiAsserted;
            _nmiAsserted = asserted;
            if (!rises)
            {
                return;
            }

            entry = (_base & BaseEnable) == 0 ? (uint)DeliveryMode.Nmi << 8 : _vectorTable[(int)Vector.Lint1];
        }

        DeliverLocal(entry);
    }

    /// <summary>Says whether a message's destination names this processor. Any thread.</summary>
    /// <param name="destination">APIC id or logical destination.</param>
    /// <param name="logical">Which of the two.</param>
    public bool IsAddressedBy(uint destination, bool logical)
    {
        lock (_lock)
        {
            if ((_base & BaseEnable) == 0)
            {
                return false;
            }

            if (!logical)
            {
                return destination == _id || destination == uint.MaxValue || destination == 0xFF;
            }

            if (IsX2)
            {
                return destination == uint.MaxValue
                    || (destination >> 16 == LogicalX2 >> 16 && (destination & LogicalX2 & 0xFFFF) != 0);
            }

            uint own = _logicalDestination >> 24;
            uint wanted = destination & 0xFF;
            bool flat = _destinationFormat >> 28 == 0xF;
            return flat
                ? (wanted & own) != 0
                : (wanted >> 4 == 0xF || wanted >> 4 == own >> 4) && (wanted & own & 0xF) != 0;
        }
    }

    /// <summary>Takes a message that addresses this processor. Any thread.</summary>
    /// <param name="message">The message.</param>
    public void Accept(in InterruptMessage message)
    {
        switch (message.DeliveryMode)
        {
            case DeliveryMode.Fixed:
            case DeliveryMode.LowestPriority:
                AcceptVector(message.Vector, message.LevelTriggered);
                break;
            case DeliveryMode.Nmi:
                _processor.SignalNmi();
                break;
            case DeliveryMode.Init:
                _processor.SignalInit();
                break;
            case DeliveryMode.StartUp:
                _processor.SignalStartUp(message.Vector);
                break;
        }
    }

    /// <inheritdoc/>
    public int Acknowledge()
    {
        lock (_lock)
        {
            int vector = Deliverable();
            if (vector >= 0)
            {
                _requested[vector] = false;
                _inService[vector] = true;
                Update();
                return vector;
            }

            if (!TakesExternal())
            {
                Update();
                return -1;
            }
        }

        return _external?.Acknowledge() ?? -1;
    }

    /// <inheritdoc/>
    public void Reset(bool init)
    {
        lock (_lock)
        {
            if (!init)
            {
                _base = BaseAddress | BaseEnable | (_bootstrap ? BaseBootstrap : 0);
            }

            _requested.Clear();
            _inService.Clear();
            _levelTriggered.Clear();
            System.Array.Fill(_vectorTable, Masked);
            if (_bootstrap)
            {
                // Virtual wire mode, as firmware leaves it: no firmware runs before a kernel that is booted directly.
                _vectorTable[(int)Vector.Lint0] = (uint)DeliveryMode.ExternalInterrupt << 8;
            }

            _timer.Reset();
            _taskPriority = 0;
            _logicalDestination = 0;
            _destinationFormat = uint.MaxValue;
            _spurious = 0xFF;
            _errorLatched = 0;
            _errorPending = 0;
            _command = 0;
            Update();
        }
    }

    private uint LogicalX2 => ((_id >> 4) << 16) | (1u << (int)(_id & 15));

    private void AcceptVector(byte vector, bool levelTriggered)
    {
        bool error = false;
        lock (_lock)
        {
            if (!AcceptsVectors)
            {
                return;
            }

            if (vector < 16)
            {
                error = RaiseError(ErrorReceiveIllegalVector);
            }
            else
            {
                _requested[vector] = true;
                _levelTriggered[vector] = levelTriggered;
                Update();
            }
        }

        if (error)
        {
            DeliverLocal(_vectorTable[(int)Vector.Error]);
        }

        SignalIfWaiting();
    }

    private void DeliverLocal(uint entry)
    {
        if ((entry & Masked) == 0)
        {
            Accept(new InterruptMessage(_id, false, (DeliveryMode)((entry >> 8) & 7), (byte)entry, LevelTriggered: false));
        }
    }

    private void OnTimer()
    {
        bool due;
        lock (_lock)
        {
            due = _timer.Expire();
        }

        if (due)
        {
            DeliverTimer();
        }
    }

    private void DeliverTimer() => DeliverLocal((_vectorTable[(int)Vector.Timer] & (Masked | 0xFF)) | ((uint)DeliveryMode.Fixed << 8));

    /// <summary>Notes an error; an illegal vector in the error entry itself must not raise another.</summary>
    private bool RaiseError(uint bit)
    {
        bool first = (_errorPending & bit) == 0;
        _errorPending |= bit;
        return first && (byte)_vectorTable[(int)Vector.Error] >= 16;
    }

    private void EndOfInterrupt()
    {
        int vector;
        bool broadcast;
        lock (_lock)
        {
            vector = _inService.Highest;
            if (vector < 0)
            {
                return;
            }

            _inService[vector] = false;
            broadcast = _levelTriggered[vector];
            Update();
        }

        if (broadcast)
        {
            _bus.EndOfInterrupt?.Invoke((byte)vector);
        }

        SignalIfWaiting();
    }

    private uint Priority()
    {
        uint service = (uint)System.Math.Max(_inService.Highest, 0) & 0xF0;
        return (_taskPriority & 0xF0) >= service ? _taskPriority : service;
    }

    private int Deliverable()
    {
        if (!AcceptsVectors)
        {
            return -1;
        }

        int vector = _requested.Highest;
        return vector >= 0 && ((uint)vector & 0xF0) > (Priority() & 0xF0) ? vector : -1;
    }

    private bool TakesExternal()
    {
        if (!_externalAsserted)
        {
            return false;
        }

        uint lint0 = _vectorTable[(int)Vector.Lint0];
        return (_base & BaseEnable) == 0
            || ((lint0 & Masked) == 0 && ((lint0 >> 8) & 7) == (uint)DeliveryMode.ExternalInterrupt);
    }

    private void Update() => _hasInterrupt = Deliverable() >= 0 || TakesExternal();

    private void SignalIfWaiting()
    {
        if (_hasInterrupt)
        {
            _processor.SignalInterrupt();
        }
    }
}
