using System.IO;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>Counts the pages of a mapping that have real memory (/proc/self/pagemap), which other tests in the process do not disturb.</summary>
internal static class PageMap
{
    public static unsafe long PresentPages(byte* address, ulong size)
    {
        using FileStream map = new("/proc/self/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        map.Position = (long)((ulong)address >> 12) * 8;
        byte[] entries = new byte[((size + 4095) >> 12) * 8];
        map.ReadExactly(entries);
        long present = 0;
        for (int at = 7; at < entries.Length; at += 8)
        {
            present += entries[at] >> 7;
        }

        return present;
    }
}
