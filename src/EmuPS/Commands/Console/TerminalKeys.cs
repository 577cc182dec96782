using System;
using System.Text;

namespace EmuPS.Commands;

/// <summary>The bytes that a VT100 terminal sends for its keys.</summary>
internal static class TerminalKeys
{
    /// <summary>The bytes of a named key.</summary>
    public static byte[] Encode(EmuConsoleKey key) => Encoding.ASCII.GetBytes(key switch
    {
        EmuConsoleKey.Enter => "\r",
        EmuConsoleKey.Tab => "\t",
        EmuConsoleKey.Escape => "\e",
        EmuConsoleKey.Backspace => "\x7F",
        EmuConsoleKey.Delete => "\e[3~",
        EmuConsoleKey.Up => "\e[A",
        EmuConsoleKey.Down => "\e[B",
        EmuConsoleKey.Right => "\e[C",
        EmuConsoleKey.Left => "\e[D",
        EmuConsoleKey.Home => "\e[H",
        EmuConsoleKey.End => "\e[F",
        EmuConsoleKey.PageUp => "\e[5~",
        EmuConsoleKey.PageDown => "\e[6~",
        EmuConsoleKey.CtrlC => "\x03",
        EmuConsoleKey.CtrlD => "\x04",
        _ => "\x1A",
    });

    /// <summary>The bytes of a key as the host's console reports it.</summary>
    public static byte[] Encode(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => Encode(EmuConsoleKey.Enter),
        ConsoleKey.Backspace => Encode(EmuConsoleKey.Backspace),
        ConsoleKey.Delete => Encode(EmuConsoleKey.Delete),
        ConsoleKey.UpArrow => Encode(EmuConsoleKey.Up),
        ConsoleKey.DownArrow => Encode(EmuConsoleKey.Down),
        ConsoleKey.RightArrow => Encode(EmuConsoleKey.Right),
        ConsoleKey.LeftArrow => Encode(EmuConsoleKey.Left),
        ConsoleKey.Home => Encode(EmuConsoleKey.Home),
        ConsoleKey.End => Encode(EmuConsoleKey.End),
        ConsoleKey.PageUp => Encode(EmuConsoleKey.PageUp),
        ConsoleKey.PageDown => Encode(EmuConsoleKey.PageDown),
        // .NET reports the control characters 28 to 31 as Ctrl with a digit, and without the character.
        >= ConsoleKey.D4 and <= ConsoleKey.D7 when key.KeyChar == '\0' => [(byte)(28 + (key.Key - ConsoleKey.D4))],
        _ when key.KeyChar == '\0' => [],
        _ => Encoding.UTF8.GetBytes(key.KeyChar.ToString()),
    };
}
