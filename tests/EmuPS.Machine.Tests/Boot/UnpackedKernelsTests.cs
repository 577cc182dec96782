using System;
using System.IO;
using System.Linq;
using EmuPS.Machine.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Boot;

public sealed class UnpackedKernelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-kernels").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasKeptIsFoundByWhatItWasUnpackedFrom()
    {
        UnpackedKernels cache = new(_folder);
        byte[] kernel = [.. Enumerable.Range(0, 5000).Select(n => (byte)n)];
        Assert.Null(cache.Find("packed"u8));
        cache.Keep("packed"u8, kernel);
        Assert.Equal(kernel, cache.Find("packed"u8));
        Assert.Null(cache.Find("other"u8));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5015)]
    [InlineData(3)]
    public void ADamagedFileIsNotUsed(int length)
    {
        UnpackedKernels cache = new(_folder);
        cache.Keep("packed"u8, new byte[5000]);
        using (FileStream file = File.OpenWrite(Directory.GetFiles(Path.Combine(_folder, "kernels")).Single()))
        {
            file.SetLength(length);
        }

        Assert.Null(cache.Find("packed"u8));
        cache.Keep("packed"u8, new byte[5000]);
        Assert.NotNull(cache.Find("packed"u8));
    }

    [Fact]
    public void FourAreKept()
    {
        UnpackedKernels cache = new(_folder);
        for (byte n = 0; n < 6; n++)
        {
            cache.Keep([n], new byte[100]);
        }

        Assert.Equal(4, Directory.GetFiles(Path.Combine(_folder, "kernels")).Length);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenDoesNoHarm()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "not a folder");
        UnpackedKernels cache = new(file);
        cache.Keep("packed"u8, new byte[100]);
        Assert.Null(cache.Find("packed"u8));
    }
}
