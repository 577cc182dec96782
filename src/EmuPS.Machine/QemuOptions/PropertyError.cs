namespace EmuPS.Machine.QemuOptions;

/// <summary>QEMU's words for values that cannot be.</summary>
internal static class PropertyError
{
    /// <summary>One that must be there is not.</summary>
    /// <param name="name">The property.</param>
    internal static EngineException Missing(string name) => new(ErrorIds.MissingParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{name}' is missing", name);

    /// <summary>A value of a wrong type of JSON's.</summary>
    /// <param name="name">The property.</param>
    /// <param name="expected">What it should have been.</param>
    internal static EngineException WrongType(string name, string expected) => Invalid($"Invalid parameter type for '{name}', expected: {expected}", name);

    /// <summary>A value that cannot be read.</summary>
    /// <param name="name">The property.</param>
    /// <param name="what">What was expected.</param>
    internal static EngineException Expects(string name, string what) => Invalid($"Parameter '{name}' expects {what}", name);

    /// <summary>A number beyond its type.</summary>
    /// <param name="name">The property.</param>
    /// <param name="type">The type.</param>
    internal static EngineException OutOfRange(string name, string type) => Expects(Local(name), type);

    /// <summary>A word that is not among those that there are.</summary>
    /// <param name="name">The property.</param>
    /// <param name="value">The word.</param>
    internal static EngineException Refused(string name, string value) => Invalid($"Parameter '{Local(name)}' does not accept value '{value}'", value);

    private static EngineException Invalid(string message, string target) => new(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, message, target);

    /// <summary>What is in a list has no name of its own, which QEMU says as null.</summary>
    private static string Local(string name) => name.EndsWith(']') ? "null" : name;
}
