using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FNSTENV, FLDENV, FNSAVE, FRSTOR in their 16-bit and 32-bit, protected and real-mode formats (SDM vol. 1, 8.1.10).</summary>
/// <remarks>The selectors of the last instruction and operand are stored as zero, as processors do whose CPUID says that FCS and FDS are deprecated.</remarks>
internal static unsafe class X87Environment
{
    private const int RegistersSize = 80;

    private interface IFormat
    {
        /// <summary>Bytes of the environment: 14 or 28.</summary>
        static abstract int Size { get; }

        /// <summary>Real-address or virtual-8086 mode.</summary>
        static abstract bool Real { get; }
    }

    /// <summary>28 bytes of memory.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 28)]
    public struct Bytes28
    {
        /// <summary>The first byte.</summary>
        public byte First;
    }

    /// <summary>14 bytes of memory.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 14)]
    public struct Bytes14
    {
        /// <summary>The first byte.</summary>
        public byte First;
    }

    /// <summary>40 bytes of memory: half of the registers.</summary>
    [StructLayout(LayoutKind.Sequential, Size = RegistersSize / 2)]
    public struct Bytes40
    {
        /// <summary>The first byte.</summary>
        public byte First;
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fnstenv, &BindStoreEnvironment);
        table.Add(Mnemonic.Fldenv, &BindLoadEnvironment);
        table.Add(Mnemonic.Fnsave, &BindSave);
        table.Add(Mnemonic.Frstor, &BindRestore);
    }

    private static int Format(in Instruction i, uint mode)
        => (i.MemorySize is MemorySize.FpuEnv14 or MemorySize.FpuState94 ? 0 : 1) | ((mode & (CpuMode.Real | CpuMode.Virtual8086)) != 0 ? 2 : 0);

    private static bool BindStoreEnvironment(in Instruction i, Op* op, uint mode) => Format(i, mode) switch
    {
        0 => X87Shapes.Control<StoreEnvironment<Protected16, Bytes14>>(op, waits: false),
        1 => X87Shapes.Control<StoreEnvironment<Protected32, Bytes28>>(op, waits: false),
        2 => X87Shapes.Control<StoreEnvironment<Real16, Bytes14>>(op, waits: false),
        _ => X87Shapes.Control<StoreEnvironment<Real32, Bytes28>>(op, waits: false),
    };

    private static bool BindLoadEnvironment(in Instruction i, Op* op, uint mode) => Format(i, mode) switch
    {
        0 => X87Shapes.Control<LoadEnvironment<Protected16, Bytes14>>(op, waits: true),
        1 => X87Shapes.Control<LoadEnvironment<Protected32, Bytes28>>(op, waits: true),
        2 => X87Shapes.Control<LoadEnvironment<Real16, Bytes14>>(op, waits: true),
        _ => X87Shapes.Control<LoadEnvironment<Real32, Bytes28>>(op, waits: true),
    };

    private static bool BindSave(in Instruction i, Op* op, uint mode) => Format(i, mode) switch
    {
        0 => X87Shapes.Control<Save<Protected16, Bytes14>>(op, waits: false),
        1 => X87Shapes.Control<Save<Protected32, Bytes28>>(op, waits: false),
        2 => X87Shapes.Control<Save<Real16, Bytes14>>(op, waits: false),
        _ => X87Shapes.Control<Save<Real32, Bytes28>>(op, waits: false),
    };

    private static bool BindRestore(in Instruction i, Op* op, uint mode) => Format(i, mode) switch
    {
        0 => X87Shapes.Control<Restore<Protected16, Bytes14>>(op, waits: true),
        1 => X87Shapes.Control<Restore<Protected32, Bytes28>>(op, waits: true),
        2 => X87Shapes.Control<Restore<Real16, Bytes14>>(op, waits: true),
        _ => X87Shapes.Control<Restore<Real32, Bytes28>>(op, waits: true),
    };

    /// <summary>The address so many bytes behind the operand's, inside the segment.</summary>
    private static ulong Behind(CpuState* s, Op* op, int bytes)
        => (op->Flags & (OpFlags.FlatAddress | OpFlags.NoSegment)) == OpFlags.FlatAddress
            ? Address.Flat(s, op) + (ulong)bytes
            : Operand.Linear(s, op, op->Seg, Address.Offset(s, op) + (ulong)bytes);

    /// <summary>The tags as two bits for each register: valid, zero, special, empty.</summary>
    private static ushort FullTags(CpuState* s)
    {
        int tags = 0;
        for (int register = 0; register < 8; register++)
        {
            int tag = 3;
            if ((s->Ftw >> register & 1) != 0)
            {
                ulong significand = *(ulong*)(s->X87 + (register * 16));
                int exponent = *(ushort*)(s->X87 + (register * 16) + 8) & 0x7FFF;
                tag = exponent == 0 && significand == 0 ? 1 : exponent is 0 or 0x7FFF || (long)significand >= 0 ? 2 : 0;
            }

            tags |= tag << (register * 2);
        }

        return (ushort)tags;
    }

    private static void Write<TFormat>(CpuState* s, byte* p)
        where TFormat : struct, IFormat
    {
        uint ip = (uint)s->Fip;
        uint dp = (uint)s->Fdp;
        uint opcode = s->Fop & 0x7FFU;
        if (TFormat.Size == 14)
        {
            ushort* word = (ushort*)p;
            word[0] = s->Fcw;
            word[1] = s->Fsw;
            word[2] = FullTags(s);
            word[3] = (ushort)ip;
            word[4] = TFormat.Real ? (ushort)((ip >> 4 & 0xF000) | opcode) : (ushort)0;
            word[5] = (ushort)dp;
            word[6] = TFormat.Real ? (ushort)(dp >> 4 & 0xF000) : (ushort)0;
            return;
        }

        const uint Reserved = 0xFFFF_0000;
        uint* field = (uint*)p;
        field[0] = Reserved | s->Fcw;
        field[1] = Reserved | s->Fsw;
        field[2] = Reserved | FullTags(s);
        field[3] = TFormat.Real ? Reserved | (ushort)ip : ip;
        field[4] = TFormat.Real ? (ip >> 4 & 0x0FFF_F000) | opcode : opcode << 16;
        field[5] = TFormat.Real ? Reserved | (ushort)dp : dp;
        field[6] = TFormat.Real ? dp >> 4 & 0x0FFF_F000 : Reserved;
    }

    private static void Read<TFormat>(CpuState* s, byte* p)
        where TFormat : struct, IFormat
    {
        int step = TFormat.Size == 14 ? 2 : 4;
        ushort controlWord = *(ushort*)p;
        s->Fsw = *(ushort*)(p + step);
        ushort tags = *(ushort*)(p + (2 * step));
        int inUse = 0;
        for (int register = 0; register < 8; register++)
        {
            inUse |= (tags >> (register * 2) & 3) != 3 ? 1 << register : 0;
        }

        s->Ftw = (byte)inUse;
        if (TFormat.Size == 14)
        {
            ushort* word = (ushort*)p;
            s->Fip = word[3] | (TFormat.Real ? (uint)(word[4] & 0xF000) << 4 : 0);
            s->Fdp = word[5] | (TFormat.Real ? (uint)(word[6] & 0xF000) << 4 : 0);
            s->Fop = TFormat.Real ? (ushort)(word[4] & 0x7FF) : s->Fop;
        }
        else
        {
            uint* field = (uint*)p;
            s->Fip = TFormat.Real ? (ushort)field[3] | (field[4] & 0x0FFF_F000) << 4 : field[3];
            s->Fdp = TFormat.Real ? (ushort)field[5] | (field[6] & 0x0FFF_F000) << 4 : field[5];
            s->Fop = (ushort)((TFormat.Real ? field[4] : field[4] >> 16) & 0x7FF);
        }

        X87Control.SetControlWord(s, controlWord);
    }

    private readonly struct Protected16 : IFormat
    {
        public static int Size => 14;

        public static bool Real => false;
    }

    private readonly struct Protected32 : IFormat
    {
        public static int Size => 28;

        public static bool Real => false;
    }

    private readonly struct Real16 : IFormat
    {
        public static int Size => 14;

        public static bool Real => true;
    }

    private readonly struct Real32 : IFormat
    {
        public static int Size => 28;

        public static bool Real => true;
    }

    /// <summary>FNSTENV: then all exceptions are masked.</summary>
    private readonly struct StoreEnvironment<TFormat, T> : X87Shapes.IAction
        where TFormat : struct, IFormat
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            T environment;
            Write<TFormat>(s, (byte*)&environment);
            if (!Memory.Store(s, Address.Any(s, op), environment))
            {
                return false;
            }

            X87Control.SetControlWord(s, (ushort)(s->Fcw | 0x3F));
            return true;
        }
    }

    private readonly struct LoadEnvironment<TFormat, T> : X87Shapes.IAction
        where TFormat : struct, IFormat
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            T* p = Memory.Load<T>(s, Address.Any(s, op));
            if (p == null)
            {
                return false;
            }

            T environment = *p;
            Read<TFormat>(s, (byte*)&environment);
            return true;
        }
    }

    /// <summary>FNSAVE: the environment, then ST(0) to ST(7), then as FNINIT.</summary>
    private readonly struct Save<TFormat, T> : X87Shapes.IAction
        where TFormat : struct, IFormat
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            T environment;
            Write<TFormat>(s, (byte*)&environment);
            byte* registers = stackalloc byte[RegistersSize];
            for (int i = 0; i < 8; i++)
            {
                byte* from = X87Stack.Pointer(s, i);
                *(ulong*)(registers + (i * 10)) = *(ulong*)from;
                *(ushort*)(registers + (i * 10) + 8) = *(ushort*)(from + 8);
            }

            // All of the area must be writable before any of it is written.
            ulong upper = Behind(s, op, sizeof(T) + (RegistersSize / 2));
            if (Memory.Modify<T>(s, Address.Any(s, op)) == null
                || Memory.Modify<Bytes40>(s, Behind(s, op, sizeof(T))) == null
                || Memory.Modify<Bytes40>(s, upper) == null
                || !Memory.Store(s, Address.Any(s, op), environment)
                || !Memory.Store(s, Behind(s, op, sizeof(T)), *(Bytes40*)registers)
                || !Memory.Store(s, upper, *(Bytes40*)(registers + (RegistersSize / 2))))
            {
                return false;
            }

            X87Control.Reset(s);
            return true;
        }
    }

    private readonly struct Restore<TFormat, T> : X87Shapes.IAction
        where TFormat : struct, IFormat
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            T* q = Memory.Load<T>(s, Address.Any(s, op));
            if (q == null)
            {
                return false;
            }

            T environment = *q;
            byte* registers = stackalloc byte[RegistersSize];
            for (int half = 0; half < 2; half++)
            {
                Bytes40* p = Memory.Load<Bytes40>(s, Behind(s, op, sizeof(T) + (half * (RegistersSize / 2))));
                if (p == null)
                {
                    return false;
                }

                *(Bytes40*)(registers + (half * (RegistersSize / 2))) = *p;
            }

            Read<TFormat>(s, (byte*)&environment);
            for (int i = 0; i < 8; i++)
            {
                byte* to = X87Stack.Pointer(s, i);
                *(ulong*)to = *(ulong*)(registers + (i * 10));
                *(ushort*)(to + 8) = *(ushort*)(registers + (i * 10) + 8);
            }

            return true;
        }
    }
}
