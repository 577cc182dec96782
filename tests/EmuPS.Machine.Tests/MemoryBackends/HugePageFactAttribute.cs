using Xunit;

namespace EmuPS.Machine.Tests.MemoryBackends;

/// <summary>A test that needs huge pages which nobody uses; without them it is shown as skipped, with what to do.</summary>
internal sealed class HugePageFactAttribute : FactAttribute
{
    internal const int Pages = 4;

    public HugePageFactAttribute(bool needsFileSystem = false)
    {
        if (HostFacts.FreeHugePages < Pages)
            Skip = $"There are no {Pages} free huge pages; set them aside as root: echo 8 > /proc/sys/vm/nr_hugepages";
        else if (needsFileSystem && HostFacts.HugeTlbFolder is null)
            Skip = "There is no hugetlbfs to make files in; mount one as root: mount -t hugetlbfs none /mnt/huge";
    }
}
