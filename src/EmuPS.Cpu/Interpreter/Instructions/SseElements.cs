using System.Runtime.CompilerServices;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>SSE instructions that do the same to every element, or to the lowest one alone.</summary>
internal static unsafe class SseElements
{
    /// <summary>What happens to an element.</summary>
    public interface IOperation
    {
        /// <summary>Computes an element.</summary>
        /// <typeparam name="TElement">The format.</typeparam>
        /// <param name="c">The environment; flags are added.</param>
        /// <param name="a">Element of operand 0.</param>
        /// <param name="b">Element of operand 1.</param>
        /// <param name="immediate">The immediate byte.</param>
        /// <returns>The result in the element's lower bits.</returns>
        static abstract ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement;
    }

    /// <summary>Computes 64 bits of elements.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="TElement">The format.</typeparam>
    /// <param name="c">The environment.</param>
    /// <param name="a">Elements of operand 0.</param>
    /// <param name="b">Elements of operand 1.</param>
    /// <param name="immediate">The immediate byte.</param>
    public static ulong Half<TOp, TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
        where TOp : struct, IOperation
        where TElement : struct, IFloatElement
    {
        if (TElement.Bits == 64)
        {
            return TOp.Compute<TElement>(ref c, a, b, immediate);
        }

        ulong low = TOp.Compute<TElement>(ref c, (uint)a, (uint)b, immediate);
        ulong high = TOp.Compute<TElement>(ref c, a >> 32, b >> 32, immediate);
        return (high << 32) | (uint)low;
    }

    /// <summary>All elements.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="TElement">The format.</typeparam>
    public readonly struct Packed<TOp, TElement> : SseShapes.IAction
        where TOp : struct, IOperation
        where TElement : struct, IFloatElement
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* destination = (ulong*)((byte*)s + op->Dst);
            ulong low = ((ulong*)source)[0];
            ulong high = ((ulong*)source)[1];
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            uint immediate = (uint)op->Imm;
            low = Half<TOp, TElement>(ref c, destination[0], low, immediate);
            high = Half<TOp, TElement>(ref c, destination[1], high, immediate);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            destination[0] = low;
            destination[1] = high;
            return true;
        }
    }

    /// <summary>The lowest element; the others stay.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="TElement">The format.</typeparam>
    public readonly struct Scalar<TOp, TElement> : SseShapes.IAction
        where TOp : struct, IOperation
        where TElement : struct, IFloatElement
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            byte* destination = (byte*)s + op->Dst;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            if (TElement.Bits == 64)
            {
                ulong result = TOp.Compute<TElement>(ref c, *(ulong*)destination, *(ulong*)source, (uint)op->Imm);
                if (!SseShapes.Finish(s, c))
                {
                    return false;
                }

                *(ulong*)destination = result;
            }
            else
            {
                uint result = (uint)TOp.Compute<TElement>(ref c, *(uint*)destination, *(uint*)source, (uint)op->Imm);
                if (!SseShapes.Finish(s, c))
                {
                    return false;
                }

                *(uint*)destination = result;
            }

            return true;
        }
    }
}
