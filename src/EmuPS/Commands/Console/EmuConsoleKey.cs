namespace EmuPS.Commands;

/// <summary>A key that a terminal has and a text does not.</summary>
public enum EmuConsoleKey
{
    /// <summary>Enter.</summary>
    Enter,

    /// <summary>Tab.</summary>
    Tab,

    /// <summary>Escape.</summary>
    Escape,

    /// <summary>Backspace.</summary>
    Backspace,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Cursor up.</summary>
    Up,

    /// <summary>Cursor down.</summary>
    Down,

    /// <summary>Cursor right.</summary>
    Right,

    /// <summary>Cursor left.</summary>
    Left,

    /// <summary>Home.</summary>
    Home,

    /// <summary>End.</summary>
    End,

    /// <summary>Page up.</summary>
    PageUp,

    /// <summary>Page down.</summary>
    PageDown,

    /// <summary>Ctrl+C: interrupt.</summary>
    CtrlC,

    /// <summary>Ctrl+D: end of input.</summary>
    CtrlD,

    /// <summary>Ctrl+Z: stop the job.</summary>
    CtrlZ,
}
