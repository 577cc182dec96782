using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Machine.Pc;
using EmuPS.Objects;

namespace EmuPS;

/// <summary>What happens when PowerShell imports the module and lets it go.</summary>
/// <remarks>
/// PowerShell makes a new instance for every import, once per runspace, and <c>Remove-Module</c> in one runspace says nothing
/// about the others. So the engine's load context belongs to the process: made at the first import, never taken away.
/// </remarks>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly Lazy<EngineLoadContext> Engine = new(() => EngineLoadContext.Register(EngineDirectory()));

    /// <summary>Makes the engine's assemblies findable before the first cmdlet touches them, and begins with what the first VM would have to wait for.</summary>
    public void OnImport()
    {
        _ = Engine.Value;
        ThreadPool.UnsafeQueueUserWorkItem(static _ => TryPrepare(), null);
    }

    /// <summary>Says that VMs go on without the module; another import finds them again.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        EmuVM[] alive = [.. VMRegistry.All.Where(vm => vm.IsAlive)];
        if (alive.Length == 0 || Runspace.DefaultRunspace is null)
            return;
        string warning = $"EmuPS is unloaded, but VMs go on running until this process ends: {string.Join(", ", alive.Select(vm => vm.Name))}. Import the module again to reach them.";
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        try
        {
            shell.AddScript("param($text) $Host.UI.WriteWarningLine($text)").AddArgument(warning).Invoke();
        }
        catch (RuntimeException)
        {
            // A host without a user interface has nobody to warn.
        }
    }

    private static void TryPrepare()
    {
        try
        {
            PrepareEngine();
        }
        catch (Exception)
        {
            // Nobody has asked for anything yet. What is wrong is said when a VM is started.
        }
    }

    // Apart, because the engine is loaded when this is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PrepareEngine() => VirtualMachine.Prepare();

    private static string EngineDirectory() =>
        Path.Combine(Path.GetDirectoryName(typeof(ModuleLifetime).Assembly.Location)!, "deps");
}
