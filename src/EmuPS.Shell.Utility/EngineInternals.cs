using System;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EmuPS.Shell.Utility;

/// <summary>The few members of PowerShell's engine that pwsh's own console host uses and that are not public.</summary>
/// <remarks>
/// Everything the host takes by reflection is here. The engine's package version is pinned in Directory.Packages.props and the
/// tests of the host run each of these members, so a version that lacks one is noticed when it is chosen.
/// </remarks>
internal static class EngineInternals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string FormatNamespace = "Microsoft.PowerShell.Commands.Internal.Format.";

    /// <summary>Makes the next script's <c>exit</c> reach the host instead of ending only that script.</summary>
    /// <param name="runspace">An opened runspace.</param>
    public static void LetNextScriptExitTheHost(Runspace runspace)
    {
        object context = Property(runspace.GetType(), "ExecutionContext").GetValue(runspace)!;
        Property(context.GetType(), "ScriptCommandProcessorShouldRethrowExit").SetValue(context, true);
    }

    /// <summary>Gives a format command the engine's own formatter.</summary>
    /// <param name="command">The command, before it begins.</param>
    /// <param name="shape">Table, List, Wide or Complex.</param>
    public static void UseFormatter(FrontEndCommandBase command, string shape)
    {
        object shapeValue = Enum.Parse(Type("FormatShape"), shape);
        SetImplementation(command, Activator.CreateInstance(Type("InnerFormatShapeCommand"), Any, null, [shapeValue], null)!);
    }

    /// <summary>Gives an output command the engine's renderer, which writes lines of text.</summary>
    /// <param name="command">The command, before it begins.</param>
    /// <param name="writer">Where lines go.</param>
    /// <param name="columns">The width to render for.</param>
    /// <param name="withoutNewLines">Whether lines are joined.</param>
    public static void UseRenderer(FrontEndCommandBase command, TextWriter writer, int columns, bool withoutNewLines)
    {
        object lines = Activator.CreateInstance(Type("TextWriterLineOutput"), Any, null, [writer, columns, withoutNewLines], null)!;
        object renderer = Activator.CreateInstance(Type("OutputManagerInner"), nonPublic: true)!;
        Property(renderer.GetType(), "LineOutput").SetValue(renderer, lines);
        SetImplementation(command, renderer);
    }

    /// <summary>Ends the commands before <paramref name="command"/> in its pipeline, without an error.</summary>
    /// <param name="command">The command that has seen enough.</param>
    /// <returns>The exception to throw.</returns>
    public static Exception StopUpstream(InternalCommand command)
    {
        Type type = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException")
            ?? throw Missing("StopUpstreamCommandsException");
        return (Exception)Activator.CreateInstance(type, Any, null, [command], null)!;
    }

    /// <summary>Makes an error the caller's, where the writing command would otherwise be named in it.</summary>
    /// <param name="record">The error.</param>
    /// <param name="caller">The invocation to name.</param>
    public static void Attribute(ErrorRecord record, InvocationInfo caller)
    {
        MethodInfo method = typeof(ErrorRecord).GetMethod("SetInvocationInfo", Any) ?? throw Missing("ErrorRecord.SetInvocationInfo");
        method.Invoke(record, [caller]);
        Property(typeof(ErrorRecord), "PreserveInvocationInfoOnce").SetValue(record, true);
    }

    /// <summary>Has the renderer show an object where errors go.</summary>
    /// <param name="shown">The object, before it goes to <c>Out-Default</c>.</param>
    public static void SendToErrorStream(PSObject shown)
    {
        PropertyInfo stream = Property(typeof(PSObject), "WriteStream");
        stream.SetValue(shown, Enum.Parse(stream.PropertyType, "Error"));
    }

    /// <summary>The variable of a scope that is given by number or name.</summary>
    /// <param name="variables">The session's variables.</param>
    /// <param name="name">The variable's name.</param>
    /// <param name="scope">0 for the current scope, 1 for its parent and so on, or a scope's name.</param>
    /// <returns>The variable, or null.</returns>
    public static PSVariable? VariableAtScope(PSVariableIntrinsics variables, string name, string scope)
    {
        MethodInfo method = typeof(PSVariableIntrinsics).GetMethod("GetAtScope", Any) ?? throw Missing("PSVariableIntrinsics.GetAtScope");
        try
        {
            return (PSVariable?)method.Invoke(variables, [name, scope]);
        }
        catch (TargetInvocationException error) when (error.InnerException is not null)
        {
            throw error.InnerException;
        }
    }

    private static void SetImplementation(FrontEndCommandBase command, object implementation)
    {
        FieldInfo field = typeof(FrontEndCommandBase).GetField("implementation", Any) ?? throw Missing("FrontEndCommandBase.implementation");
        field.SetValue(command, implementation);
    }

    private static Type Type(string name) =>
        typeof(PSObject).Assembly.GetType(FormatNamespace + name) ?? throw Missing(name);

    private static PropertyInfo Property(Type type, string name) =>
        type.GetProperty(name, Any) ?? throw Missing($"{type.Name}.{name}");

    private static MissingMemberException Missing(string what) =>
        new($"This version of System.Management.Automation has no '{what}', which EmuPS.Shell needs.");
}
