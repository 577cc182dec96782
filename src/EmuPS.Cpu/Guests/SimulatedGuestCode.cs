using System.IO;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Guests;

/// <summary>The instructions of the simulated guest.</summary>
/// <remarks>R12 holds the mailbox's address throughout; EBX a slot's number wherever a slot is meant. Handlers run with interrupts off.</remarks>
internal sealed class SimulatedGuestCode
{
    public const byte TimerVector = 0x20;
    public const byte SciVector = 0x29;
    public const byte SpuriousVector = 0xFF;

    private const ushort SerialPort = 0x3F8;
    private const ushort SecondSerialPort = 0x2F8;
    private const ushort PmStatus = 0x600;
    private const ushort PmEnable = 0x602;
    private const ushort PmControl = 0x604;
    private const ushort GpeStatus = 0xAFE0;
    private const ushort GpeEnable = 0xAFE2;
    private const ushort SlotSelector = 0xA00;
    private const ushort OstEvent = 0xA04;
    private const ushort OstStatus = 0xA08;
    private const ushort SlotFlags = 0xA14;
    private const uint IoApic = 0xFEC0_0000;
    private const uint LocalApic = 0xFEE0_0000;
    private const uint ApicMasked = 0x1_0000;
    private const int PowerButton = 0x100;
    private const int MemoryEvent = 0x08;
    private const int TimerPin = 2;
    private const int SciPin = 9;

    private static readonly AssemblerRegister64[] _saved = [rax, rbx, rcx, rdx, rsi, rdi, r8, r9];

    private readonly Assembler _a = new(64);
    private Label _start;
    private Label _onTimer;
    private Label _onSci;
    private Label _onSpurious;
    private Label _onFault;
    private Label _scan;
    private Label _print;
    private Label _printCharacter;
    private Label _printSlot;
    private Label _finishInsert;
    private Label _finishRemove;
    private Label _startTimer;

    public SimulatedGuestCode()
    {
        _start = _a.CreateLabel();
        _onTimer = _a.CreateLabel();
        _onSci = _a.CreateLabel();
        _onSpurious = _a.CreateLabel();
        _onFault = _a.CreateLabel();
        _scan = _a.CreateLabel();
        _print = _a.CreateLabel();
        _printCharacter = _a.CreateLabel();
        _printSlot = _a.CreateLabel();
        _finishInsert = _a.CreateLabel();
        _finishRemove = _a.CreateLabel();
        _startTimer = _a.CreateLabel();
        Start();
        OnSci();
        OnTimer();
        OnOther();
        Scan();
        Finish();
        StartTimer();
        Print();
    }

    /// <summary>Encodes it.</summary>
    public (byte[] Bytes, ulong Start, ulong OnTimer, ulong OnSci, ulong OnSpurious, ulong OnFault) Encode()
    {
        using var bytes = new MemoryStream();
        AssemblerResult result = _a.Assemble(new StreamCodeWriter(bytes), SimulatedGuestLayout.ImageBase, BlockEncoderOptions.ReturnNewInstructionOffsets);
        return (bytes.ToArray(), result.GetLabelRIP(_start), result.GetLabelRIP(_onTimer), result.GetLabelRIP(_onSci),
            result.GetLabelRIP(_onSpurious), result.GetLabelRIP(_onFault));
    }

    /// <summary>Encodes the way in for loaders that start a kernel in 32-bit protected mode (PVH).</summary>
    public static byte[] Encode32BitStart(ulong start)
    {
        var a = new Assembler(32);
        a.cli();
        a.lgdt(__[SimulatedGuestLayout.GdtPointer]);
        a.mov(eax, cr4);
        a.or(eax, 0x20);
        a.mov(cr4, eax);
        a.mov(eax, SimulatedGuestLayout.PageTables);
        a.mov(cr3, eax);
        a.mov(ecx, 0xC000_0080);
        a.rdmsr();
        a.or(eax, 0x100);
        a.wrmsr();
        a.mov(eax, cr0);
        a.or(eax, unchecked((int)0x8000_0000));
        a.mov(cr0, eax);
        a.jmp((ushort)0x08, (uint)start);
        using var bytes = new MemoryStream();
        a.Assemble(new StreamCodeWriter(bytes), SimulatedGuestLayout.StartIn32Bit);
        return bytes.ToArray();
    }

    private void Start()
    {
        Assembler a = _a;
        Label reloaded = a.CreateLabel();
        Label enabled = a.CreateLabel();
        Label slot = a.CreateLabel();
        Label empty = a.CreateLabel();
        Label idle = a.CreateLabel();

        a.Label(ref _start);
        a.cli();
        a.mov(esp, SimulatedGuestLayout.End);
        a.lgdt(__[SimulatedGuestLayout.GdtPointer]);
        a.lidt(__[SimulatedGuestLayout.IdtPointer]);
        a.mov(eax, SimulatedGuestLayout.PageTables);
        a.mov(cr3, rax);
        a.push(0x08);
        a.lea(rax, __[reloaded]);
        a.push(rax);
        a.AddInstruction(Instruction.Create(Code.Retfq));
        a.Label(ref reloaded);
        a.mov(eax, 0x10);
        a.mov(ds, eax);
        a.mov(es, eax);
        a.mov(ss, eax);
        a.mov(r12d, SimulatedGuestLayout.Mailbox);

        // The serial port: 115200 baud, 8N1, no interrupts. The old interrupt controllers: all masked.
        Out(SerialPort + 3, 0x80);
        Out(SerialPort, 1);
        Out(SerialPort + 1, 0);
        Out(SerialPort + 3, 3);
        Out(SerialPort + 2, 1);
        Out(0x21, 0xFF);
        Out(0xA1, 0xFF);

        a.mov(edi, LocalApic);
        a.mov(__dword_ptr[rdi + 0x80], 0);
        a.mov(__dword_ptr[rdi + 0xF0], 0x100 | SpuriousVector);
        SetPin(TimerPin, ApicMasked | TimerVector);
        SetPin(SciPin, 0x8000 | SciVector);

        // ACPI mode, the power button and the memory event; what was raised before is lost, as it is with Linux.
        a.mov(dx, PmControl);
        a.@in(ax, dx);
        a.test(al, 1);
        a.jne(enabled);
        Out(0xB2, 0xF1);
        a.Label(ref enabled);
        a.mov(dx, PmStatus);
        a.mov(eax, 0xFFFF);
        a.@out(dx, ax);
        a.mov(dx, PmEnable);
        a.mov(eax, PowerButton);
        a.@out(dx, ax);
        Out(GpeStatus, 0xFF);
        Out(GpeEnable, MemoryEvent);

        // DIMMs that are there already are in use without an answer to anyone.
        a.xor(ebx, ebx);
        a.Label(ref slot);
        Select();
        a.mov(dx, SlotFlags);
        a.@in(al, dx);
        // A machine without slots has no registers here: the bus floats.
        a.cmp(al, -1);
        a.je(empty);
        a.test(al, 1);
        a.je(empty);
        a.mov(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 1);
        Say("present");
        a.Label(ref empty);
        a.inc(ebx);
        a.cmp(ebx, __dword_ptr[r12 + SimulatedGuestLayout.SlotCount]);
        a.jb(slot);

        Text("EMUPS-READY\r\n");
        a.mov(__dword_ptr[r12 + SimulatedGuestLayout.Ready], 1);
        // As the agent of a real guest says it.
        foreach (byte character in "EMUPS-READY 1\n"u8)
        {
            Out(SecondSerialPort, character);
        }

        a.Label(ref idle);
        a.sti();
        a.hlt();
        a.jmp(idle);
    }

    private void OnSci()
    {
        Assembler a = _a;
        Label again = a.CreateLabel();
        Label quiet = a.CreateLabel();
        Label powerOff = a.CreateLabel();

        a.Label(ref _onSci);
        PushAll();
        a.inc(__dword_ptr[r12 + SimulatedGuestLayout.SciCount]);
        a.Label(ref again);
        a.mov(dx, PmStatus);
        a.@in(ax, dx);
        a.test(ax, PowerButton);
        a.jne(powerOff);
        a.mov(dx, GpeStatus);
        a.@in(al, dx);
        a.test(al, MemoryEvent);
        a.je(quiet);
        a.mov(al, MemoryEvent);
        a.@out(dx, al);
        a.call(_scan);
        a.jmp(again);
        a.Label(ref quiet);
        EndOfInterrupt();

        a.Label(ref powerOff);
        a.mov(eax, PowerButton);
        a.@out(dx, ax);
        Text("power button\r\n");
        a.mov(dx, PmControl);
        a.mov(eax, 0x2001);
        a.@out(dx, ax);
        a.jmp(quiet);
    }

    private void OnTimer()
    {
        Assembler a = _a;
        Label next = a.CreateLabel();
        Label advance = a.CreateLabel();
        Label removal = a.CreateLabel();
        Label waiting = a.CreateLabel();

        a.Label(ref _onTimer);
        PushAll();
        a.mov(r8d, SimulatedGuestLayout.Delays);
        a.xor(ebx, ebx);
        a.xor(r9d, r9d);
        a.Label(ref next);
        a.mov(eax, __dword_ptr[r8 + (rbx * 4)]);
        a.test(eax, eax);
        a.je(advance);
        a.dec(eax);
        a.mov(__dword_ptr[r8 + (rbx * 4)], eax);
        a.jne(waiting);
        Select();
        a.cmp(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 3);
        a.je(removal);
        a.call(_finishInsert);
        a.jmp(advance);
        a.Label(ref removal);
        a.call(_finishRemove);
        a.jmp(advance);
        a.Label(ref waiting);
        a.inc(r9d);
        a.Label(ref advance);
        a.inc(ebx);
        a.cmp(ebx, 256);
        a.jb(next);

        // Nobody waits any more: no tick disturbs the idle guest.
        Label busy = a.CreateLabel();
        a.test(r9d, r9d);
        a.jne(busy);
        SetPin(TimerPin, ApicMasked | TimerVector);
        a.Label(ref busy);
        EndOfInterrupt();
    }

    private void OnOther()
    {
        Label dead = _a.CreateLabel();
        _a.Label(ref _onSpurious);
        _a.iretq();

        _a.Label(ref _onFault);
        Text("EMUPS-FAULT\r\n");
        _a.Label(ref dead);
        _a.cli();
        _a.hlt();
        _a.jmp(dead);
    }

    private void Scan()
    {
        Assembler a = _a;
        Label slot = a.CreateLabel();
        Label insert = a.CreateLabel();
        Label insertAsked = a.CreateLabel();
        Label insertRefused = a.CreateLabel();
        Label insertDelayed = a.CreateLabel();
        Label removeAsked = a.CreateLabel();
        Label removeRefused = a.CreateLabel();
        Label removeDelayed = a.CreateLabel();
        Label ignored = a.CreateLabel();
        Label next = a.CreateLabel();

        a.Label(ref _scan);
        a.xor(ebx, ebx);
        a.Label(ref slot);
        Select();
        a.mov(dx, SlotFlags);
        a.@in(al, dx);
        // As in the ACPI scan of a PC: a slot with both events has its insertion handled, the removal waits for the next event.
        a.test(al, 2);
        a.jne(insert);
        a.test(al, 4);
        a.je(next);

        Policy(SimulatedGuestLayout.SlotRemovePolicies, SimulatedGuestLayout.RemovePolicy, removeAsked);
        a.cmp(ecx, 3);
        a.je(ignored);
        Out(SlotFlags, 4);
        Ost(3, 0x84);
        a.cmp(ecx, 1);
        a.je(removeRefused);
        a.cmp(ecx, 2);
        a.je(removeDelayed);
        a.call(_finishRemove);
        a.jmp(next);
        a.Label(ref removeRefused);
        Say("removal refused");
        OstFrom(3, SimulatedGuestLayout.RemoveRefusedStatus);
        a.jmp(next);
        a.Label(ref removeDelayed);
        a.mov(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 3);
        a.call(_startTimer);
        Say("removal delayed");
        a.jmp(next);

        a.Label(ref insert);
        Policy(SimulatedGuestLayout.SlotInsertPolicies, SimulatedGuestLayout.InsertPolicy, insertAsked);
        a.cmp(ecx, 3);
        a.je(ignored);
        Out(SlotFlags, 2);
        a.cmp(ecx, 1);
        a.je(insertRefused);
        a.cmp(ecx, 2);
        a.je(insertDelayed);
        a.call(_finishInsert);
        a.jmp(next);
        a.Label(ref insertRefused);
        Say("insertion refused");
        OstFrom(1, SimulatedGuestLayout.InsertRefusedStatus);
        a.jmp(next);
        a.Label(ref insertDelayed);
        a.mov(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 2);
        a.call(_startTimer);
        Say("insertion delayed");
        a.jmp(next);

        a.Label(ref ignored);
        Say("event ignored");
        a.Label(ref next);
        a.inc(ebx);
        a.cmp(ebx, __dword_ptr[r12 + SimulatedGuestLayout.SlotCount]);
        a.jb(slot);
        a.ret();
    }

    private void Finish()
    {
        // The answer comes last: whoever waited for it finds the rest done and the log complete.
        Assembler a = _a;
        a.Label(ref _finishInsert);
        a.mov(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 1);
        Say("insertion accepted");
        Ost(1, 0);
        a.ret();

        a.Label(ref _finishRemove);
        a.mov(__byte_ptr[r12 + rbx + SimulatedGuestLayout.SlotStates], 0);
        Say("removal accepted");
        Out(SlotFlags, 8);
        Ost(3, 0);
        a.ret();
    }

    /// <summary>Starts slot EBX's delay and the thousand ticks a second that count it down.</summary>
    private void StartTimer()
    {
        Assembler a = _a;
        Label longEnough = a.CreateLabel();
        a.Label(ref _startTimer);
        a.mov(eax, __dword_ptr[r12 + SimulatedGuestLayout.DelayMilliseconds]);
        a.test(eax, eax);
        a.jne(longEnough);
        a.inc(eax);
        a.Label(ref longEnough);
        a.mov(edi, SimulatedGuestLayout.Delays);
        a.mov(__dword_ptr[rdi + (rbx * 4)], eax);
        Out(0x43, 0x34);
        Out(0x40, 1193 & 0xFF);
        Out(0x40, 1193 >> 8);
        SetPin(TimerPin, TimerVector);
        a.ret();
    }

    private void Print()
    {
        Assembler a = _a;
        Label end = a.CreateLabel();
        Label wait = a.CreateLabel();
        Label digit = a.CreateLabel();
        Label small = a.CreateLabel();

        // The text at RSI, up to its zero.
        a.Label(ref _print);
        a.mov(al, __byte_ptr[rsi]);
        a.test(al, al);
        a.je(end);
        a.call(_printCharacter);
        a.inc(rsi);
        a.jmp(_print);
        a.Label(ref end);
        a.ret();

        a.Label(ref _printCharacter);
        a.mov(ah, al);
        a.mov(dx, SerialPort + 5);
        a.Label(ref wait);
        a.@in(al, dx);
        a.test(al, 0x20);
        a.je(wait);
        a.mov(dx, SerialPort);
        a.mov(al, ah);
        a.@out(dx, al);
        a.ret();

        // "slot " and EBX as two hexadecimal digits.
        a.Label(ref _printSlot);
        Text("slot ");
        a.mov(al, bl);
        a.shr(al, 4);
        a.call(digit);
        a.mov(al, bl);
        a.and(al, 15);
        a.Label(ref digit);
        a.add(al, (byte)'0');
        a.cmp(al, (byte)'9');
        a.jbe(small);
        a.add(al, 'a' - '9' - 1);
        a.Label(ref small);
        a.jmp(_printCharacter);
    }

    private void Out(int port, int value)
    {
        _a.mov(dx, (ushort)port);
        _a.mov(al, (byte)value);
        _a.@out(dx, al);
    }

    private void Select()
    {
        _a.mov(dx, SlotSelector);
        _a.mov(eax, ebx);
        _a.@out(dx, eax);
    }

    /// <summary>Answers for the selected slot.</summary>
    private void Ost(int source, int status)
    {
        OstSource(source);
        _a.mov(eax, status);
        _a.@out(dx, eax);
    }

    private void OstFrom(int source, int statusOffset)
    {
        OstSource(source);
        _a.mov(eax, __dword_ptr[r12 + statusOffset]);
        _a.@out(dx, eax);
    }

    private void OstSource(int source)
    {
        _a.mov(dx, OstEvent);
        _a.mov(eax, source);
        _a.@out(dx, eax);
        _a.mov(dx, OstStatus);
    }

    /// <summary>Puts the policy for slot EBX into ECX.</summary>
    private void Policy(int slotPolicies, int generalPolicy, Label known)
    {
        _a.movzx(ecx, __byte_ptr[r12 + rbx + slotPolicies]);
        _a.cmp(ecx, SimulatedGuestLayout.GeneralPolicy);
        _a.jne(known);
        _a.movzx(ecx, __byte_ptr[r12 + generalPolicy]);
        _a.Label(ref known);
    }

    private void SetPin(int pin, uint entry)
    {
        _a.mov(edi, IoApic);
        _a.mov(__dword_ptr[rdi], 0x11 + (2 * pin));
        _a.mov(__dword_ptr[rdi + 0x10], 0);
        _a.mov(__dword_ptr[rdi], 0x10 + (2 * pin));
        _a.mov(__dword_ptr[rdi + 0x10], entry);
    }

    private void PushAll()
    {
        foreach (AssemblerRegister64 register in _saved)
            _a.push(register);
    }

    private void EndOfInterrupt()
    {
        _a.mov(edi, LocalApic);
        _a.mov(__dword_ptr[rdi + 0xB0], 0);
        for (int i = _saved.Length - 1; i >= 0; i--)
            _a.pop(_saved[i]);
        _a.iretq();
    }

    private void Say(string what)
    {
        _a.call(_printSlot);
        Text($" {what}\r\n");
    }

    /// <summary>Prints a text, which lies in the code right behind a call that leaves its address.</summary>
    private void Text(string text)
    {
        Label behind = _a.CreateLabel();
        _a.call(behind);
        _a.db(Encoding.ASCII.GetBytes(text + "\0"));
        _a.Label(ref behind);
        _a.pop(rsi);
        _a.call(_print);
    }
}
