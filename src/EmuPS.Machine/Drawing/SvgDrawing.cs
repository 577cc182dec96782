using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace EmuPS.Machine.Drawing;

/// <summary>Draws a machine's memory as a picture for a document.</summary>
public static class SvgDrawing
{
    private const int Width = 1120;
    private const int Margin = 16;
    private const int BarTop = 48;
    private const int BarHeight = 40;
    private const int LineHeight = 22;

    // Not to scale: it would often be most of the bar.
    private const int HoleWidth = 10;

    /// <summary>Draws an SVG image.</summary>
    public static string DrawSvg(MemoryPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int height = BarTop + BarHeight + 24 + (picture.Parts.Count * LineHeight) + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"  <rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"  <text x=\"{Margin}\" y=\"30\" font-size=\"18\">{WebUtility.HtmlEncode(picture.Title)}</text>\n");
        double scale = (Width - (2 * Margin) - (HoleWidth * picture.Parts.Count(part => part.Kind == MemoryPartKind.Hole))) / (double)Math.Max(1, picture.Summary.MaxBytes);
        double x = Margin;
        int y = BarTop + BarHeight + 30;
        foreach (MemoryPart part in picture.Parts)
        {
            double length = part.Kind == MemoryPartKind.Hole ? HoleWidth : part.SizeBytes * scale;
            string tip = $"{part.Name}: {part.SizeBytes >> 20} MiB {part.Note}".TrimEnd();
            svg.Append(CultureInfo.InvariantCulture, $"  <rect x=\"{x:0.##}\" y=\"{BarTop}\" width=\"{length:0.##}\" height=\"{BarHeight}\" fill=\"{Color(part.Kind)}\" stroke=\"#ffffff\"><title>{WebUtility.HtmlEncode(tip)}</title></rect>\n");
            string address = part.Address is { } at ? $"0x{at:x12}" : "";
            svg.Append(CultureInfo.InvariantCulture, $"  <rect x=\"{Margin}\" y=\"{y - 11}\" width=\"12\" height=\"12\" fill=\"{Color(part.Kind)}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"  <text x=\"{Margin + 22}\" y=\"{y}\">{WebUtility.HtmlEncode(part.Name)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"200\" y=\"{y}\" font-family=\"monospace\">{address}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"430\" y=\"{y}\" text-anchor=\"end\">{part.SizeBytes >> 20} MiB</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"450\" y=\"{y}\">{WebUtility.HtmlEncode(part.Note)}</text>\n");
            x += length;
            y += LineHeight;
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Draws a page with the image.</summary>
    public static string DrawHtml(MemoryPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return $"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(picture.Title)}</title></head>\n<body>\n{DrawSvg(picture)}</body>\n</html>\n";
    }

    private static string Color(MemoryPartKind kind) => kind switch
    {
        MemoryPartKind.Main => "#3b6ea5",
        MemoryPartKind.Hole => "#8a8a8a",
        MemoryPartKind.Dimm => "#4f9d69",
        MemoryPartKind.Moving => "#e0a030",
        MemoryPartKind.Rejected => "#c0504d",
        _ => "#dddddd",
    };
}
