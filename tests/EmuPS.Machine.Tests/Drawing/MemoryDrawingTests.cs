using System;
using System.Linq;
using System.Xml.Linq;
using EmuPS.Machine.Drawing;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Tests.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.Drawing;

public sealed class MemoryDrawingTests
{
    private const ulong Gibibyte = 1UL << 30;

    private static readonly MemoryPicture Picture = new(
        "web<1>",
        new MemorySizeSummary(Gibibyte, Gibibyte, 4 * Gibibyte, 3, 2),
        [
            new MemoryPart("RAM", MemoryPartKind.Main, 0, Gibibyte, ""),
            new MemoryPart("dimm1", MemoryPartKind.Dimm, 4 * Gibibyte, Gibibyte, "slot 0, Accepted, over mem1"),
            new MemoryPart("free", MemoryPartKind.Free, null, 2 * Gibibyte, ""),
        ],
        [new DimmSlotInfo(0, null, false, false, 0, 0), new DimmSlotInfo(1, null, false, false, 0, 0)]);

    [Fact]
    public void The_bar_is_as_wide_as_asked_and_in_proportion()
    {
        string bar = TextDrawing.Draw(Picture, 80, colors: false)[1];
        Assert.Equal(80, bar.Length);
        Assert.Equal(new string('█', 19) + '▌' + new string('▓', 19) + '▌', bar[..40]);
        Assert.Equal(40, bar.Count(symbol => symbol == '·'));
    }

    [Fact]
    public void The_hole_below_4_gibibytes_is_shown_but_not_to_scale()
    {
        using HotplugRig rig = new();
        MemoryPicture picture = MemoryPicture.Of("web1", rig.Manager);
        Assert.Equal(["RAM", "hole", "free"], picture.Parts.Select(part => part.Name));
        Assert.Equal((0x4000_0000UL, 0xC000_0000UL), (picture.Parts[1].Address, picture.Parts[1].SizeBytes));
        Assert.Equal("for DIMMs, from 0x000100000000 to 0x00027fffffff", picture.Parts[2].Note);
        string bar = TextDrawing.Draw(picture, 82, colors: false)[1];
        Assert.Equal(82, bar.Length);
        Assert.Equal("▌╱╱·", bar[19..23]);
        Assert.Equal(3, XElement.Parse(SvgDrawing.DrawSvg(picture)).Descendants().Count(element => element.Name.LocalName == "title"));
    }

    [Fact]
    public void Text_names_sums_parts_and_slots()
    {
        string text = string.Join('\n', TextDrawing.Draw(Picture, 80, colors: false));
        Assert.Contains("web<1>: 2048 of 4096 MiB, 1 of 3 slots", text);
        Assert.Contains("dimm1            0x000100000000      1024 MiB  slot 0, Accepted, over mem1", text);
        Assert.Contains("[0 -][1 -]", text);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void No_line_is_longer_than_the_terminal()
    {
        Assert.All(TextDrawing.Draw(Picture, 60, colors: false), line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains("dimm1            0x000100000000      1024 MiB  slot 0, Ac…", string.Join('\n', TextDrawing.Draw(Picture, 60, colors: false)));
    }

    [Fact]
    public void It_says_what_the_guest_uses_and_has_touched()
    {
        using HotplugRig rig = new();
        rig.Dimm("d", 256 * HotplugRig.MiB);
        rig.Host.Memory.TryWrite(0x1_0000_0000, new byte[4 << 20]);
        GuestMemoryInfo guest = new(0, 0, 0, 128 << 20, "online", [new(32, 0x1_0000_0000, 128 << 20, "online", "Movable", true), new(33, 0x1_0800_0000, 128 << 20, "offline", "Normal Movable", true)]);
        string note = MemoryPicture.Of("web1", rig.Manager, guest).Parts.Single(part => part.Name == "d").Note;
        Assert.StartsWith("slot 0, Pending, over mem-d; 1 of 2 blocks online in Movable", note);
        if (OperatingSystem.IsLinux())
            Assert.Matches(", [4-8] MiB touched$", note);
    }

    [Fact]
    public void Colours_come_only_when_wanted() => Assert.Contains("\e[32m", TextDrawing.Draw(Picture, 80, colors: true)[1]);

    [Fact]
    public void The_image_is_well_formed_and_escapes_names()
    {
        XElement svg = XElement.Parse(SvgDrawing.DrawSvg(Picture));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal("web<1>: 2048 of 4096 MiB, 1 of 3 slots", svg.Elements(ns + "text").First().Value);
        Assert.Equal(3, svg.Descendants(ns + "title").Count());
    }

    [Fact]
    public void The_page_holds_the_image() => Assert.Contains("<svg ", SvgDrawing.DrawHtml(Picture));
}
