namespace EmuPS.Devices.Interrupts;

/// <content>The registers, through the memory window and through MSRs.</content>
public sealed partial class LocalApic
{
    private const uint Version = 0x0005_0014;
    private const uint MsrApicBase = 0x1B;
    private const uint MsrTscDeadline = 0x6E0;
    private const uint MsrFirst = 0x800;
    private const uint MsrLast = 0x8FF;

    // Register numbers are window offsets divided by 16, which are also offsets from MSR 0x800.
    private const uint RegisterId = 0x02;
    private const uint RegisterVersion = 0x03;
    private const uint RegisterTaskPriority = 0x08;
    private const uint RegisterArbitration = 0x09;
    private const uint RegisterProcessorPriority = 0x0A;
    private const uint RegisterEndOfInterrupt = 0x0B;
    private const uint RegisterLogicalDestination = 0x0D;
    private const uint RegisterDestinationFormat = 0x0E;
    private const uint RegisterSpurious = 0x0F;
    private const uint RegisterInService = 0x10;
    private const uint RegisterTriggerMode = 0x18;
    private const uint RegisterRequested = 0x20;
    private const uint RegisterError = 0x28;
    private const uint RegisterCommandLow = 0x30;
    private const uint RegisterCommandHigh = 0x31;
    private const uint RegisterVectorTable = 0x32;
    private const uint RegisterInitialCount = 0x38;
    private const uint RegisterCurrentCount = 0x39;
    private const uint RegisterDivide = 0x3E;
    private const uint RegisterSelfInterrupt = 0x3F;

    /// <inheritdoc/>
    public ulong ReadWindow(uint offset, int size)
    {
        uint value;
        lock (_lock)
        {
            value = ReadRegister(offset >> 4);
        }

        // Registers are 32 bits wide at the start of 16 bytes; narrower reads see their part.
        uint shift = offset & 0xF;
        return shift < 4 ? value >> (int)(8 * shift) : 0;
    }

    /// <inheritdoc/>
    public void WriteWindow(uint offset, int size, ulong value)
    {
        if (IsX2 || size < 4 || (offset & 0xF) != 0)
        {
            return;
        }

        uint register = offset >> 4;
        switch (register)
        {
            case RegisterCommandHigh:
                lock (_lock)
                {
                    _command = (uint)_command | (value << 32);
                }

                break;
            case RegisterCommandLow:
                lock (_lock)
                {
                    _command = (_command & ~0xFFFF_FFFFUL) | ((uint)value & ~(1u << 12));
                }

                SendCommand((uint)(_command >> 56));
                break;
            case RegisterLogicalDestination:
                lock (_lock)
                {
                    _logicalDestination = (uint)value & 0xFF00_0000;
                }

                break;
            case RegisterDestinationFormat:
                lock (_lock)
                {
                    _destinationFormat = (uint)value | 0x0FFF_FFFF;
                }

                break;
            case RegisterSelfInterrupt:
                break;
            default:
                WriteRegister(register, (uint)value);
                break;
        }
    }

    /// <inheritdoc/>
    public bool TryReadMsr(uint index, out ulong value)
    {
        value = 0;
        lock (_lock)
        {
            switch (index)
            {
                case MsrApicBase:
                    value = _base;
                    return true;
                case MsrTscDeadline:
                    value = _timer.Deadline;
                    return true;
                case < MsrFirst or > MsrLast:
                    return false;
            }

            uint register = index - MsrFirst;
            if (!IsX2 || !IsReadable(register))
            {
                return false;
            }

            value = register switch
            {
                RegisterCommandLow => _command,
                RegisterLogicalDestination => LogicalX2,
                RegisterId => _id,
                _ => ReadRegister(register),
            };
            return true;
        }
    }

    /// <inheritdoc/>
    public bool TryWriteMsr(uint index, ulong value)
    {
        switch (index)
        {
            case MsrApicBase:
                return TrySetBase(value);
            case MsrTscDeadline:
                SetDeadline(value);
                return true;
            case < MsrFirst or > MsrLast:
                return false;
        }

        uint register = index - MsrFirst;
        if (!IsX2 || !IsWritableInX2(register))
        {
            return false;
        }

        if (register == RegisterCommandLow)
        {
            lock (_lock)
            {
                _command = value & ~(1UL << 12);
            }

            SendCommand((uint)(value >> 32));
            return true;
        }

        if (value >> 32 != 0 || (register is RegisterEndOfInterrupt or RegisterError && value != 0))
        {
            return false;
        }

        if (register == RegisterSelfInterrupt)
        {
            AcceptVector((byte)value, levelTriggered: false);
            return true;
        }

        WriteRegister(register, (uint)value);
        return true;
    }

    private static bool IsReadable(uint register) => register switch
    {
        RegisterId or RegisterVersion or RegisterTaskPriority or RegisterProcessorPriority or RegisterLogicalDestination
            or RegisterSpurious or RegisterError or RegisterCommandLow or RegisterInitialCount or RegisterCurrentCount or RegisterDivide => true,
        >= RegisterInService and < RegisterError => true,
        >= RegisterVectorTable and < RegisterInitialCount => true,
        _ => false,
    };

    private static bool IsWritableInX2(uint register) => register switch
    {
        RegisterTaskPriority or RegisterEndOfInterrupt or RegisterSpurious or RegisterError or RegisterCommandLow
            or RegisterInitialCount or RegisterDivide or RegisterSelfInterrupt => true,
        >= RegisterVectorTable and < RegisterInitialCount => true,
        _ => false,
    };

    private uint ReadRegister(uint register)
    {
        switch (register)
        {
            case RegisterId:
                return IsX2 ? _id : _id << 24;
            case RegisterVersion:
                return Version;
            case RegisterTaskPriority:
                return _taskPriority;
            case RegisterArbitration or RegisterProcessorPriority:
                return Priority();
            case RegisterLogicalDestination:
                return _logicalDestination;
            case RegisterDestinationFormat:
                return _destinationFormat;
            case RegisterSpurious:
                return _spurious;
            case >= RegisterInService and < RegisterTriggerMode:
                return _inService.Word((int)(register - RegisterInService));
            case >= RegisterTriggerMode and < RegisterRequested:
                return _levelTriggered.Word((int)(register - RegisterTriggerMode));
            case >= RegisterRequested and < RegisterError:
                return _requested.Word((int)(register - RegisterRequested));
            case RegisterError:
                return _errorLatched;
            case RegisterCommandLow:
                return (uint)_command;
            case RegisterCommandHigh:
                return (uint)(_command >> 32);
            case >= RegisterVectorTable and < RegisterInitialCount:
                return _vectorTable[register - RegisterVectorTable];
            case RegisterInitialCount:
                return _timer.InitialCount;
            case RegisterCurrentCount:
                return _timer.CurrentCount;
            case RegisterDivide:
                return _timer.DivideConfiguration;
            default:
                return 0;
        }
    }

    private void WriteRegister(uint register, uint value)
    {
        if (register == RegisterEndOfInterrupt)
        {
            EndOfInterrupt();
            return;
        }

        bool error = false;
        lock (_lock)
        {
            switch (register)
            {
                case RegisterTaskPriority:
                    _taskPriority = value & 0xFF;
                    break;
                case RegisterSpurious:
                    SetSpurious(value & 0x3FF);
                    break;
                case RegisterError:
                    _errorLatched = _errorPending;
                    _errorPending = 0;
                    break;
                case >= RegisterVectorTable and < RegisterInitialCount:
                    SetVector((int)(register - RegisterVectorTable), value);
                    break;
                case RegisterInitialCount:
                    _timer.InitialCount = value;
                    break;
                case RegisterDivide:
                    _timer.DivideConfiguration = value;
                    break;
                case RegisterId or RegisterVersion or RegisterArbitration or RegisterProcessorPriority or RegisterCurrentCount:
                case >= RegisterInService and < RegisterError:
                    break;
                default:
                    error = RaiseError(ErrorIllegalRegister);
                    break;
            }

            Update();
        }

        if (error)
        {
            DeliverLocal(_vectorTable[(int)Vector.Error]);
        }

        SignalIfWaiting();
    }

    private void SetSpurious(uint value)
    {
        bool disables = (_spurious & SpuriousEnable) != 0 && (value & SpuriousEnable) == 0;
        _spurious = value;
        for (int i = 0; disables && i < _vectorTable.Length; i++)
        {
            _vectorTable[i] |= Masked;
        }
    }

    private void SetVector(int index, uint value)
    {
        uint writable = (Vector)index switch
        {
            Vector.Timer => 0x7_00FFu,
            Vector.Lint0 or Vector.Lint1 => 0x1_A7FFu,
            Vector.Error => 0x1_00FFu,
            _ => 0x1_07FFu,
        };
        value &= writable;
        _vectorTable[index] = (_spurious & SpuriousEnable) == 0 ? value | Masked : value;
        if (index == (int)Vector.Timer)
        {
            _timer.Mode = (ApicTimerMode)((value >> 17) & 3);
        }
    }

    private void SetDeadline(ulong value)
    {
        bool due;
        lock (_lock)
        {
            due = _timer.SetDeadline(value);
        }

        if (due)
        {
            DeliverTimer();
        }
    }

    private bool TrySetBase(ulong value)
    {
        bool enable = (value & BaseEnable) != 0;
        bool x2 = (value & BaseX2) != 0;
        lock (_lock)
        {
            bool wasEnabled = (_base & BaseEnable) != 0;
            if ((value & BaseReserved) != 0 || (x2 && !enable) || (IsX2 && enable && !x2) || (x2 && !wasEnabled))
            {
                return false;
            }

            _base = (value & ~BaseBootstrap) | (_bootstrap ? BaseBootstrap : 0);
            if (x2)
            {
                _command = (uint)_command;
            }

            if (!enable)
            {
                _spurious &= ~SpuriousEnable;
                _timer.Reset();
            }

            Update();
        }

        SignalIfWaiting();
        return true;
    }

    private void SendCommand(uint destination)
    {
        uint command = (uint)_command;
        DeliveryMode mode = (DeliveryMode)((command >> 8) & 7);
        bool level = (command & (1u << 15)) != 0;
        bool assert = (command & (1u << 14)) != 0;
        if (mode == DeliveryMode.Init && level && !assert)
        {
            // INIT level de-assert: an arbitration matter of processors long gone.
            return;
        }

        byte vector = (byte)command;
        if (mode is DeliveryMode.Fixed or DeliveryMode.LowestPriority && vector < 16)
        {
            bool error;
            lock (_lock)
            {
                error = RaiseError(ErrorSendIllegalVector);
            }

            if (error)
            {
                DeliverLocal(_vectorTable[(int)Vector.Error]);
            }

            return;
        }

        InterruptMessage message = new(destination, (command & (1u << 11)) != 0, mode, vector, LevelTriggered: false);
        switch ((command >> 18) & 3)
        {
            case 0:
                _bus.Deliver(message);
                break;
            case 1:
                Accept(message);
                break;
            case 2:
                _bus.DeliverToAll(message, except: null);
                break;
            default:
                _bus.DeliverToAll(message, except: this);
                break;
        }
    }
}
