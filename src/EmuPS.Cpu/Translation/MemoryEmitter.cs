using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes the software TLB check before a memory access, and says where the operand is in the host then.</summary>
/// <remarks>The check compares the offset from the entry's page with the last one at which the operand fits, so a miss and a page crossing are one test. It uses R10, R11 and the flags; live flags are kept in AX meanwhile.</remarks>
internal sealed class MemoryEmitter
{
    private readonly EmitContext _context;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    public MemoryEmitter(EmitContext context) => _context = context;

    /// <summary>Checks an access; R11 holds the distance from guest to host addresses afterwards, and R10 may hold the linear address.</summary>
    /// <param name="plan">The address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether the operand is written.</param>
    /// <param name="alignment">Bytes that the address must be a multiple of; 1 for any.</param>
    /// <returns>The operand.</returns>
    public HostOperand Check(MemoryPlan plan, int size, bool write, int alignment = 1)
    {
        HostAssembler a = _context.Hot;
        if (_context.IsChecked(plan, alignment))
        {
            return new HostOperand(plan.HostBase, plan.Displacement, HostRegister.R11);
        }

        bool usesR11 = plan.WriteAddress(a);
        if (usesR11)
        {
            a.Store(Thunks.State(CpuState.SavedValueOffset), HostRegister.R10);
        }

        bool live = _context.FlagsLiveBefore;
        if (live)
        {
            _context.SaveFlags();
        }

        // What is loaded the address plus: a cell's distance, or that of the TLB entry that R11 points at.
        HostOperand delta = !_context.HasCell(plan.CellRegister)
            ? _context.CheckTlb(size, write, live)
            : _context.CheckCell(CpuState.CellOffset(_context.Bank, write, plan.CellRegister), size, write, live, keepsOffset: alignment > 1);
        if (alignment > 1)
        {
            // TEST R10B, alignment - 1
            a.Byte(0x41);
            a.Byte(0xF6);
            a.Byte(0xC2);
            a.Byte(alignment - 1);
            _context.FailIf(HostAssembler.NotEqual, live);
        }

        if (live)
        {
            EmitContext.RestoreFlags(a);
        }

        a.Load(HostRegister.R11, delta);
        if (plan.IsBaseOnly)
        {
            return new HostOperand(plan.HostBase, plan.Displacement, HostRegister.R11);
        }

        if (usesR11)
        {
            a.Load(HostRegister.R10, Thunks.State(CpuState.SavedValueOffset));
        }
        else
        {
            plan.WriteAddress(a);
        }

        return new HostOperand(HostRegister.R10, 0, HostRegister.R11);
    }

    /// <summary>Checks all accesses of a group; R11 holds the distance from guest to host addresses afterwards.</summary>
    /// <param name="group">The group.</param>
    public void Check(in AccessGroup group)
    {
        HostAssembler a = _context.Hot;
        MemoryPlan.Of(group.Base, group.Displacement, wraps: false).WriteAddress(a);
        bool live = _context.FlagsLiveBefore;
        if (live)
        {
            _context.SaveFlags();
        }

        HostOperand delta = _context.HasCell(group.Base)
            ? _context.CheckCell(CpuState.CellOffset(_context.Bank, group.Write, group.Base), group.Size, group.Write, live, keepsOffset: false)
            : _context.CheckTlb(group.Size, group.Write, live);
        if (live)
        {
            EmitContext.RestoreFlags(a);
        }

        a.Load(HostRegister.R11, delta);
    }

    /// <summary>Loads an operand as wide as the block's code, register or memory, into a scratch register; what is above 32 bits is zero in 32-bit code.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="operand">Operand number.</param>
    /// <param name="destination">Host register.</param>
    /// <returns>False when the form is left to the interpreter.</returns>
    public bool LoadOperand(in Instruction i, int operand, int destination)
    {
        if (i.GetOpKind(operand) == OpKind.Register)
        {
            LoadGuest(i.GetOpRegister(operand).GetNumber(), destination);
            return true;
        }

        if (i.GetOpKind(operand) != OpKind.Memory || !MemoryPlan.TryMake(i, out MemoryPlan plan))
        {
            return false;
        }

        int size = _context.Is32 ? 4 : 8;
        _context.Hot.Memory(0x8B, destination, Check(plan, size, write: false), wide: !_context.Is32);
        return true;
    }

    /// <summary>Copies a guest register into a host register; 32 bits of it in 32-bit code.</summary>
    /// <param name="guest">0 to 15.</param>
    /// <param name="destination">Host register.</param>
    public void LoadGuest(int guest, int destination)
    {
        int host = HostRegister.Of(guest);
        if (host < 0)
        {
            _context.Hot.Load(destination, Slot(guest));
        }
        else
        {
            _context.Hot.Register(0x8B, destination, host, wide: !_context.Is32);
        }
    }

    /// <summary>Copies a host register into a guest register.</summary>
    /// <param name="guest">0 to 15.</param>
    /// <param name="source">Host register.</param>
    public void StoreGuest(int guest, int source)
    {
        int host = HostRegister.Of(guest);
        if (host < 0)
        {
            _context.Hot.Store(Slot(guest), source);
        }
        else
        {
            _context.Hot.Move(host, source);
        }
    }

    /// <summary>Where a guest register is in the state.</summary>
    /// <param name="guest">0 to 15.</param>
    public static HostOperand Slot(int guest) => Thunks.State(CpuState.GprOffset + (guest * 8));
}
