using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Threading;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS;

/// <summary>All VMs of the process. It is the one static state of the front: VMs belong to the process, so every runspace must see the same ones.</summary>
internal static class VMRegistry
{
    private static readonly Lock _gate = new();
    private static readonly List<EmuVM> _machines = [];
    private static readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lazy<ProcessEnd> _end = new(() => new ProcessEnd());
    private static int _lastId;

    /// <summary>All VMs, in the order in which they were made.</summary>
    public static IReadOnlyList<EmuVM> All
    {
        get
        {
            lock (_gate)
                return [.. _machines];
        }
    }

    /// <summary>The VMs that an identity stands for.</summary>
    public static IEnumerable<EmuVM> Find(VMIdentity identity)
    {
        IReadOnlyList<EmuVM> all = All;
        if (identity.Machine is { } machine)
            return all.Where(vm => ReferenceEquals(vm, machine));
        if (identity.Id is { } id)
            return all.Where(vm => vm.Id == id);
        return identity.Pattern is { } pattern
            ? all.Where(vm => pattern.IsMatch(vm.Name))
            : all.Where(vm => string.Equals(vm.Name, identity.Text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Makes a VM under a name that nobody else has; a stopped VM of that name is forgotten once the new one is there.</summary>
    /// <param name="name">The name; null picks the first free <c>vm1</c>, <c>vm2</c>, ...</param>
    /// <param name="make">Makes it from its id and name.</param>
    /// <exception cref="EmuException">The name is none, or is in use.</exception>
    public static EmuVM Add(string? name, Func<int, string, EmuVM> make)
    {
        if (name is not null && !Regex.IsMatch(name, @"\A[A-Za-z][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant))
        {
            throw new EmuException(
                ErrorIds.InvalidVMName, $"'{name}' is not a name for a VM.",
                "Use up to 64 letters, digits, '.', '_' and '-', beginning with a letter.",
                category: ErrorCategory.InvalidArgument);
        }

        int id;
        lock (_gate)
        {
            for (int number = 1; name is null; number++)
            {
                string free = $"vm{number}";
                name = _reserved.Contains(free) || _machines.Exists(vm => HasName(vm, free)) ? null : free;
            }

            if (_reserved.Contains(name) || _machines.Exists(vm => HasName(vm, name) && vm.IsAlive))
            {
                throw new EmuException(
                    ErrorIds.VMNameInUse, $"There is a VM '{name}' already, and it is not stopped.", "Choose another name, or stop that one.",
                    category: ErrorCategory.ResourceExists);
            }

            _reserved.Add(name);
            _ = _end.Value;
            id = ++_lastId;
        }

        try
        {
            EmuVM made = make(id, name);
            lock (_gate)
            {
                foreach (EmuVM old in _machines.FindAll(vm => HasName(vm, name)))
                {
                    _machines.Remove(old);
                    old.Forget();
                }

                _machines.Add(made);
            }

            return made;
        }
        finally
        {
            lock (_gate)
                _reserved.Remove(name);
        }
    }

    /// <summary>Forgets a VM.</summary>
    public static void Remove(EmuVM machine)
    {
        lock (_gate)
            _machines.Remove(machine);
        machine.Forget();
    }

    private static bool HasName(EmuVM machine, string name) => string.Equals(machine.Name, name, StringComparison.OrdinalIgnoreCase);
}
