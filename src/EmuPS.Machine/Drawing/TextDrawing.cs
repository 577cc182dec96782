using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace EmuPS.Machine.Drawing;

/// <summary>Draws a machine's memory for a terminal.</summary>
public static class TextDrawing
{
    private const int SlotsPerLine = 8;
    private const char Edge = '▌';

    // A hole is not drawn to scale: it would often be most of the bar.
    private const int HoleWidth = 2;

    private const string Plain = "\e[0m";

    /// <summary>Draws.</summary>
    /// <param name="picture">What to draw.</param>
    /// <param name="width">The terminal's width in characters.</param>
    /// <param name="colors">Whether to use the terminal's colours.</param>
    /// <returns>The lines.</returns>
    public static IReadOnlyList<string> Draw(MemoryPicture picture, int width, bool colors)
    {
        ArgumentNullException.ThrowIfNull(picture);
        width = Math.Max(20, width);
        List<string> lines = [picture.Title, Bar(picture, Math.Min(width, 200), colors)];
        foreach (MemoryPart part in picture.Parts)
        {
            string address = part.Address is { } at ? $"0x{at:x12}" : new string(' ', 14);
            string text = string.Create(CultureInfo.InvariantCulture, $" {part.Name,-16} {address} {part.SizeBytes >> 20,9} MiB  {part.Note}").TrimEnd();
            lines.Add(Paint(Symbol(part.Kind).ToString(), part.Kind, colors) + Cut(text, width - 1));
        }

        foreach (var row in picture.Slots.Chunk(SlotsPerLine))
            lines.Add(Cut(string.Concat(row.Select(slot => $"[{slot.Slot} {slot.Dimm?.Name ?? "-"}]")), width));
        return lines;
    }

    // A line that the terminal had to break would spoil the place of those below it.
    private static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 1), "…");

    private static string Bar(MemoryPicture picture, int width, bool colors)
    {
        double total = Math.Max(1, picture.Summary.MaxBytes);
        double done = 0;
        int drawn = 0;
        width -= HoleWidth * picture.Parts.Count(part => part.Kind == MemoryPartKind.Hole);
        var bar = new StringBuilder();
        foreach (MemoryPart part in picture.Parts)
        {
            if (part.Kind == MemoryPartKind.Hole)
            {
                bar.Append(Paint(new string(Symbol(part.Kind), HoleWidth), part.Kind, colors));
                continue;
            }

            done += part.SizeBytes;
            // The end is rounded, not the length, so that the whole is exactly as long as it should be.
            int end = Math.Min(width, (int)Math.Round(done / total * width));
            string piece = new(Symbol(part.Kind), Math.Max(0, end - drawn));
            // The edge between two pieces that look the same.
            if (piece.Length > 1 && part.Kind != MemoryPartKind.Free)
                piece = piece[..^1] + Edge;
            bar.Append(Paint(piece, part.Kind, colors));
            drawn = Math.Max(drawn, end);
        }

        return bar.ToString();
    }

    private static char Symbol(MemoryPartKind kind) => kind switch
    {
        MemoryPartKind.Main => '█',
        MemoryPartKind.Hole => '╱',
        MemoryPartKind.Dimm => '▓',
        MemoryPartKind.Moving => '▒',
        MemoryPartKind.Rejected => 'x',
        _ => '·',
    };

    private static string Paint(string text, MemoryPartKind kind, bool colors)
    {
        if (!colors || text.Length == 0)
            return text;
        string color = kind switch
        {
            MemoryPartKind.Main => "\e[34m",
            MemoryPartKind.Dimm => "\e[32m",
            MemoryPartKind.Moving => "\e[33m",
            MemoryPartKind.Rejected => "\e[31m",
            _ => "\e[90m",
        };
        return color + text + Plain;
    }
}
