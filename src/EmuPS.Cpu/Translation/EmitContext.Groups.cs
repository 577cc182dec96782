using System.Collections.Generic;

namespace EmuPS.Cpu.Translation;

/// <content>Groups of accesses that share one check.</content>
internal sealed unsafe partial class EmitContext
{
    private readonly List<FailedGroup> _failedGroups = [];
    private readonly List<(nint Distance, bool FlagsSaved)> _groupFailures = [];
    private AccessGroup _group;
    private bool _isInGroup;

    /// <summary>Whether an access needs no check of its own, because that of its group went before and R11 is kept since.</summary>
    /// <param name="plan">The address.</param>
    /// <param name="alignment">Bytes that the address must be a multiple of.</param>
    public bool IsChecked(MemoryPlan plan, int alignment) => _isInGroup && alignment == 1 && plan.IsBaseOnly && plan.CellRegister == _group.Base;

    /// <summary>The check of a group was written: its accesses follow.</summary>
    /// <param name="group">The group.</param>
    /// <param name="vectors">What <see cref="Vectors"/> is before it.</param>
    public void BeginGroup(in AccessGroup group, in VectorCache vectors)
    {
        _group = group;
        _isInGroup = true;
        _failedGroups.Add(new FailedGroup(group, vectors, _groupFailures.Count, _failures.Count));
        _groupFailures.AddRange(_failures);
        _failures.Clear();
    }

    /// <summary>The last instruction of the group was written.</summary>
    public void EndGroup()
    {
        _isInGroup = false;
        _failedGroups[^1] = _failedGroups[^1] with { Resume = (nint)Hot.Position };
    }

    /// <summary>Forgets a group that turned out not to be writable.</summary>
    public void AbandonGroup()
    {
        _isInGroup = false;
        FailedGroup failed = _failedGroups[^1];
        _failedGroups.RemoveAt(_failedGroups.Count - 1);
        _groupFailures.RemoveRange(failed.FirstFailure, failed.Failures);
    }

    /// <summary>Takes a group whose instructions must be written once more, one by one, for the case that its check fails. What follows is where they go.</summary>
    /// <param name="failed">The group.</param>
    /// <returns>False when there is none left.</returns>
    public bool TryTakeFailed(out FailedGroup failed)
    {
        if (_failedGroups.Count == 0)
        {
            failed = default;
            _groupFailures.Clear();
            return false;
        }

        failed = _failedGroups[^1];
        _failedGroups.RemoveAt(_failedGroups.Count - 1);
        bool saved = false;
        for (int n = 0; n < failed.Failures; n++)
        {
            (nint distance, bool flagsSaved) = _groupFailures[failed.FirstFailure + n];
            Hot.Lead((byte*)distance, Hot.Position);
            saved |= flagsSaved;
        }

        // One check, so all its failures come with the flags in the same place.
        if (saved)
        {
            RestoreFlags(Hot);
        }

        _vectors = failed.Vectors;
        return true;
    }

    /// <summary>What the check of a group leads to when it fails.</summary>
    /// <param name="Group">The group.</param>
    /// <param name="Vectors">What <see cref="EmitContext.Vectors"/> was before it.</param>
    /// <param name="FirstFailure">Where its failed checks begin in the list.</param>
    /// <param name="Failures">How many there are.</param>
    /// <param name="Resume">The host code behind its last instruction.</param>
    public readonly record struct FailedGroup(AccessGroup Group, VectorCache Vectors, int FirstFailure, int Failures, nint Resume = 0);
}
