using System;

namespace EmuPS.Machine;

/// <summary>An error that a user can act on: a stable id, a category, what it is about, and the remedy where there is one.</summary>
/// <remarks>The message is QEMU's where QEMU has words for the case; scripts match on them, odd spellings included.</remarks>
public sealed class EngineException : Exception
{
    /// <summary>The class of QMP errors that have none of their own.</summary>
    public const string GenericError = "GenericError";

    /// <summary>Makes an error.</summary>
    /// <param name="errorId">One of <see cref="ErrorIds"/>, or an id of another part of the engine.</param>
    /// <param name="category">Its kind.</param>
    /// <param name="message">One line without hints.</param>
    /// <param name="target">What it is about: an id, a slot number, a path.</param>
    /// <param name="remedy">What the user may do.</param>
    /// <param name="qmpClass">The class in a QMP reply.</param>
    /// <param name="inner">What caused it.</param>
    public EngineException(
        string errorId,
        EngineErrorCategory category,
        string message,
        object? target = null,
        string? remedy = null,
        string qmpClass = GenericError,
        Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Category = category;
        Target = target;
        Remedy = remedy;
        QmpClass = qmpClass;
    }

    /// <summary>The stable id, for example <c>DimmSlotOccupied</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The kind.</summary>
    public EngineErrorCategory Category { get; }

    /// <summary>The class in a QMP reply: GenericError, CommandNotFound or DeviceNotFound.</summary>
    public string QmpClass { get; }

    /// <summary>What the error is about, or null.</summary>
    public object? Target { get; }

    /// <summary>What the user may do about it, or null. Monitors print it as a hint where QEMU prints one.</summary>
    public string? Remedy { get; }
}
