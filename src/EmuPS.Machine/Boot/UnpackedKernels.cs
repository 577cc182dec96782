using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Hashing;
using System.Linq;

namespace EmuPS.Machine.Boot;

/// <summary>Kernels that were unpacked before, kept in the user's cache folder by what they were unpacked from: unpacking costs as much as a third of a boot.</summary>
/// <remarks>A file ends with the hash of the rest, so that one that was cut off or altered is not booted.</remarks>
internal sealed class UnpackedKernels
{
    private const int HashLength = 16;
    private const int Kept = 4;

    private readonly string _folder;

    /// <summary>Opens the cache.</summary>
    /// <param name="cacheFolder">The cache folder of EmuPS; a folder is made in it when the first kernel is kept.</param>
    public UnpackedKernels(string cacheFolder) => _folder = Path.Combine(cacheFolder, "kernels");

    /// <summary>Looks for an unpacked kernel.</summary>
    /// <param name="payload">What it is unpacked from.</param>
    /// <returns>The kernel; null when it must be unpacked.</returns>
    public byte[]? Find(ReadOnlySpan<byte> payload)
    {
        try
        {
            string path = PathOf(payload);
            if (!File.Exists(path))
            {
                return null;
            }

            using FileStream file = File.OpenRead(path);
            if (file.Length <= HashLength || file.Length > Array.MaxLength)
            {
                return null;
            }

            byte[] kernel = GC.AllocateUninitializedArray<byte>((int)file.Length - HashLength);
            Span<byte> hash = stackalloc byte[HashLength];
            file.ReadExactly(kernel);
            file.ReadExactly(hash);
            if (!hash.SequenceEqual(XxHash128.Hash(kernel)))
            {
                return null;
            }

            // The time of the last use decides what is forgotten; hosts do not reliably keep one of reading.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return kernel;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps an unpacked kernel for the next time, and forgets those that were not used longest. Does nothing where it may not write.</summary>
    /// <param name="payload">What it was unpacked from.</param>
    /// <param name="kernel">The kernel.</param>
    public void Keep(ReadOnlySpan<byte> payload, byte[] kernel)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            string path = PathOf(payload);
            string unfinished = Path.Combine(_folder, Path.GetRandomFileName());
            try
            {
                using (FileStream file = File.Create(unfinished))
                {
                    file.Write(kernel);
                    file.Write(XxHash128.Hash(kernel));
                }

                File.Move(unfinished, path, overwrite: true);
            }
            finally
            {
                File.Delete(unfinished);
            }

            foreach (FileInfo old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Kept))
            {
                old.Delete();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk or a cache that cannot be written costs time at the next start, and nothing else.
            return;
        }
    }

    private string PathOf(ReadOnlySpan<byte> payload)
    {
        UInt128 hash = BinaryPrimitives.ReadUInt128LittleEndian(XxHash128.Hash(payload));
        return Path.Combine(_folder, $"{hash:x32}");
    }
}
