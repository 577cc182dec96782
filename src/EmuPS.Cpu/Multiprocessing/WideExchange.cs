using System;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Core.Native;

namespace EmuPS.Cpu.Multiprocessing;

/// <summary>An atomic compare and exchange of 16 bytes, for which .NET has no primitive: the host's own CMPXCHG16B in a few bytes of machine code, elsewhere a lock.</summary>
internal sealed unsafe class WideExchange : IDisposable
{
    private readonly Lock _lock = new();
    private CodeMemory? _code;
    private delegate* unmanaged<ulong*, ulong*, ulong*, int> _exchange;
    private bool _isMade;

    /// <summary>Compares memory with the expected value and exchanges it when they are equal, as one atomic step.</summary>
    /// <param name="memory">16 bytes, aligned.</param>
    /// <param name="expected">What is expected; receives what was there.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Whether the value was written.</returns>
    public bool Exchange(ulong* memory, ulong* expected, ulong* value)
    {
        if (!_isMade)
        {
            Make();
        }

        if (_exchange != null)
        {
            return _exchange(memory, expected, value) != 0;
        }

        lock (_lock)
        {
            ulong low = memory[0];
            ulong high = memory[1];
            bool equal = low == expected[0] && high == expected[1];
            if (equal)
            {
                memory[0] = value[0];
                memory[1] = value[1];
            }

            expected[0] = low;
            expected[1] = high;
            return equal;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _code?.Dispose();
        _code = null;
        _exchange = null;
    }

    private void Make()
    {
        lock (_lock)
        {
            if (_isMade)
            {
                return;
            }

            if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                try
                {
                    _code = CodeMemory.OfFixedCode(Code());
                    _exchange = (delegate* unmanaged<ulong*, ulong*, ulong*, int>)_code.Start;
                }
                catch (OutOfMemoryException)
                {
                    // A host that allows no code but that of files: the lock serves.
                }
            }

            Volatile.Write(ref _isMade, true);
        }
    }

    private static ReadOnlySpan<byte> Code() => OperatingSystem.IsWindows()
        ?
        [
            0x53,                               // push rbx
            0x57,                               // push rdi
            0x56,                               // push rsi
            0x48, 0x89, 0xCF,                   // mov rdi, rcx
            0x48, 0x89, 0xD6,                   // mov rsi, rdx
            0x48, 0x8B, 0x06,                   // mov rax, [rsi]
            0x48, 0x8B, 0x56, 0x08,             // mov rdx, [rsi+8]
            0x49, 0x8B, 0x18,                   // mov rbx, [r8]
            0x49, 0x8B, 0x48, 0x08,             // mov rcx, [r8+8]
            0xF0, 0x48, 0x0F, 0xC7, 0x0F,       // lock cmpxchg16b [rdi]
            0x48, 0x89, 0x06,                   // mov [rsi], rax
            0x48, 0x89, 0x56, 0x08,             // mov [rsi+8], rdx
            0x0F, 0x94, 0xC0,                   // sete al
            0x0F, 0xB6, 0xC0,                   // movzx eax, al
            0x5E,                               // pop rsi
            0x5F,                               // pop rdi
            0x5B,                               // pop rbx
            0xC3,                               // ret
        ]
        :
        [
            0x53,                               // push rbx
            0x49, 0x89, 0xD0,                   // mov r8, rdx
            0x48, 0x8B, 0x06,                   // mov rax, [rsi]
            0x48, 0x8B, 0x56, 0x08,             // mov rdx, [rsi+8]
            0x49, 0x8B, 0x18,                   // mov rbx, [r8]
            0x49, 0x8B, 0x48, 0x08,             // mov rcx, [r8+8]
            0xF0, 0x48, 0x0F, 0xC7, 0x0F,       // lock cmpxchg16b [rdi]
            0x48, 0x89, 0x06,                   // mov [rsi], rax
            0x48, 0x89, 0x56, 0x08,             // mov [rsi+8], rdx
            0x0F, 0x94, 0xC0,                   // sete al
            0x0F, 0xB6, 0xC0,                   // movzx eax, al
            0x5B,                               // pop rbx
            0xC3,                               // ret
        ];
}
