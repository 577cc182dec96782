using System;
using System.Globalization;
using System.IO;
using System.Linq;
using EmuPS.Core.Native;
using Xunit;

namespace EmuPS.Core.Tests.Native;

/// <summary>Memory for host code under both policies, and on a host that refuses memory which is writable and executable.</summary>
public sealed unsafe class CodeMemoryTests
{
    // MOV EAX, 42; RET
    private static readonly byte[] s_code = [0xB8, 42, 0, 0, 0, 0xC3];

    [LinuxX64Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public void Code_is_written_and_runs(bool? split)
    {
        using CodeMemory memory = CodeMemory.Allocate(0x10000, split);
        Assert.Equal(split == true, memory.IsSplit);
        s_code.CopyTo(new Span<byte>(memory.Start + memory.ToWritable, s_code.Length));
        Assert.Equal(42, ((delegate* unmanaged<int>)memory.Start)());

        // What has run can be changed.
        *(memory.Start + memory.ToWritable + 1) = 43;
        Assert.Equal(43, ((delegate* unmanaged<int>)memory.Start)());
    }

    [LinuxX64Fact]
    public void Of_two_views_neither_is_writable_and_executable()
    {
        using CodeMemory memory = CodeMemory.Allocate(0x10000, split: true);
        Assert.Equal("r-xs", ProtectionOf(memory.Start));
        Assert.Equal("rw-s", ProtectionOf(memory.Start + memory.ToWritable));
    }

    [LinuxX64Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fixed_code_runs_and_cannot_be_written(bool split)
    {
        using CodeMemory memory = CodeMemory.OfFixedCode(s_code, split);
        Assert.Equal(42, ((delegate* unmanaged<int>)memory.Start)());
        Assert.False(memory.IsSplit);
        Assert.StartsWith("r-x", ProtectionOf(memory.Start), StringComparison.Ordinal);
    }

    [LinuxX64Fact]
    public void Where_the_host_refuses_writable_code_there_are_two_views()
    {
        WritableCodeRefusal.Run(() =>
        {
            Assert.Throws<OutOfMemoryException>(() => CodeMemory.Allocate(0x10000, split: false));
            using CodeMemory memory = CodeMemory.Allocate(0x10000);
            Assert.True(memory.IsSplit);
            s_code.CopyTo(new Span<byte>(memory.Start + memory.ToWritable, s_code.Length));
            Assert.Equal(42, ((delegate* unmanaged<int>)memory.Start)());
        });
    }

    private static string ProtectionOf(byte* address)
    {
        foreach (string[] parts in File.ReadLines("/proc/self/maps").Select(line => line.Split(' ', 3)))
        {
            ulong[] ends = [.. parts[0].Split('-').Select(text => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if ((ulong)address >= ends[0] && (ulong)address < ends[1])
            {
                return parts[1];
            }
        }

        return "unmapped";
    }
}
