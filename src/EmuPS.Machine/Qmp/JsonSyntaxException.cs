using System;

namespace EmuPS.Machine.Qmp;

/// <summary>Text that is no JSON; the message is QEMU's.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class JsonSyntaxException(string message) : Exception(message);
