using System;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace EmuPS.Shell.Hosting;

/// <summary>Sizes and colours of the terminal; what a plain stream cannot do is refused.</summary>
internal sealed class ShellRawUI : PSHostRawUserInterface
{
    private const int PlainWidth = 120;
    private const int PlainHeight = 50;
    private readonly ShellConsole _console;

    /// <summary>Creates the raw interface.</summary>
    /// <param name="console">The process's streams.</param>
    public ShellRawUI(ShellConsole console) => _console = console;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc/>
    public override Size BufferSize
    {
        get => WindowSize;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override Coordinates CursorPosition
    {
        get => default;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override int CursorSize
    {
        get => 25;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Coordinates WindowPosition
    {
        get => default;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override Size WindowSize
    {
        get
        {
            if (!_console.OutIsTerminal)
                return new Size(PlainWidth, PlainHeight);
            int width = Console.WindowWidth;
            int height = Console.WindowHeight;
            return new Size(width > 0 ? width : PlainWidth, height > 0 ? height : PlainHeight);
        }

        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override string WindowTitle { get; set; } = "EmuPS.Shell";

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (Console.IsInputRedirected)
            throw new PSInvalidOperationException("A key cannot be read: standard input is not a terminal.");
        ConsoleKeyInfo key = Console.ReadKey(intercept: (options & ReadKeyOptions.NoEcho) != 0);
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clear-Host asks for this with a rectangle that means "everything".
        if (_console.OutIsTerminal && rectangle is { Left: -1, Top: -1, Right: -1, Bottom: -1 })
            _console.Out.Write("\u001b[H\u001b[2J");
    }

    private static PSNotSupportedException Unsupported() =>
        new("EmuPS.Shell writes to a stream; it cannot address the terminal's cells.");
}
