using System;
using EmuPS.Core.Memory;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Translation;

namespace EmuPS.Cpu;

/// <content>When blocks are translated, and how translated code is entered.</content>
public sealed unsafe partial class VirtualProcessor
{
    // Most of a kernel's initialisation runs a few times only and is not worth translating: docs/performance.md has the figures.
    private const int TranslationThreshold = 32;
    private const ulong Cr0EmTs = VectorState.Cr0Em | VectorState.Cr0Ts;

    private ulong _linkSite;

    /// <summary>Whether translated code treats vector instructions as the guest's control registers want it.</summary>
    internal bool IsVectorStateCurrent => Translator!.VectorLevel == AllowedVectors;

    private VectorLevel AllowedVectors
    {
        get
        {
            if ((_state->Cr0 & Cr0EmTs) != 0 || (_state->Cr4 & VectorState.Cr4Osfxsr) == 0)
            {
                return VectorLevel.None;
            }

            return (_state->Cr4 & VectorState.Cr4Osxsave) != 0 && (_state->Xcr0 & VectorState.Xcr0Avx) == VectorState.Xcr0Avx && HostVectors is not null
                ? VectorLevel.Avx
                : VectorLevel.Sse;
        }
    }

    /// <summary>Reports an exception inside the engine from a place through which none may pass.</summary>
    /// <param name="failure">What happened.</param>
    internal void FailInside(Exception failure)
    {
        Failure ??= failure;
        RequestLeave();
    }

    /// <summary>Runs a translated block and whatever it jumps to.</summary>
    /// <returns>False when the present state wants the interpreter.</returns>
    internal bool EnterTranslated(Block* block)
    {
        CpuState* s = _state;
        if ((s->Mxcsr & InterpretOne.MxcsrControl) != InterpretOne.MxcsrDefault || VectorsChanged())
        {
            _linkSite = 0;
            return false;
        }

        Translator!.SetJump(block, Blocks.IsGlobal);
        if (_linkSite != 0 && block->SecondPage == 0)
        {
            Translator.Link(_linkSite, block);
        }

        s->HostFlags = InterpretOne.ToHost(s);
        // What the exit word asks for was served already; a request that stays must not keep the block from running.
        Translator!.Enter(block);
        InterpretOne.FromHost(s);
        _linkSite = s->LinkSite;
        return true;
    }

    /// <summary>Translated code uses vector registers without asking whether the guest allows them; when that changes, all of it goes.</summary>
    private bool VectorsChanged()
    {
        if (IsVectorStateCurrent)
        {
            return false;
        }

        Translator!.VectorLevel = AllowedVectors;
        Blocks.Flush();
        return true;
    }

    /// <summary>Somebody's page cells miss often: translates the block again when it is better off without.</summary>
    private void LookAtCellMisses()
    {
        Block* block = _state->MissingBlock;
        _state->MissingBlock = null;
        if (block is null || block->Stale != 0 || block->Host is null || Translator!.IsFull || !BlockTranslator.GivesUpCells(block, _state->Retired))
        {
            return;
        }

        Block former = *block;
        block->WithoutCells = 1;
        Translate(block);
        if (block->Host != former.Host)
        {
            Translator.Forward(former, block);
        }
    }

    /// <summary>Translates a block, if its mode and the host allow it; otherwise it stays interpreted.</summary>
    /// <param name="block">The block.</param>
    internal void Translate(Block* block)
    {
        if (Translator is null || !BlockTranslator.Covers(block->Mode) || block->Stale != 0)
        {
            return;
        }

        if (Translator.IsFull)
        {
            Blocks.Flush();
            return;
        }

        if (block->HasWaited == 0 && Blocks.Rewritten.Wait(block->Physical & ~0xFFFUL, _state->Retired) is var wait and not 0)
        {
            block->HasWaited = 1;
            block->Executions -= wait;
            return;
        }

        RamRegion? region = Memory.Map.FindRam(block->Physical);
        if (region is null)
        {
            return;
        }

        byte* code = region.HostAddress(block->Physical);
        int onPage = 0x1000 - (int)(block->Physical & 0xFFF);
        if (block->SecondPage == 0)
        {
            Translator.Translate(block, code, onPage);
            return;
        }

        RamRegion? second = Memory.Map.FindRam(block->SecondPage);
        if (second is null)
        {
            return;
        }

        byte* bytes = stackalloc byte[16];
        for (int i = 0; i < block->Length; i++)
        {
            bytes[i] = i < onPage ? code[i] : second.HostAddress(block->SecondPage)[i - onPage];
        }

        Translator.Translate(block, bytes, block->Length);
    }
}
