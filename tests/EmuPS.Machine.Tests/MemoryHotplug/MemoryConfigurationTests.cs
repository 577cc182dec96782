using EmuPS.Machine.MemoryHotplug;
using Xunit;

namespace EmuPS.Machine.Tests.MemoryHotplug;

public sealed class MemoryConfigurationTests
{
    private const string NotASize = "Parameter 'size' expects a non-negative number below 2^64";

    [Theory]
    [InlineData("512", 512UL << 20, null, null)]
    [InlineData("1G,slots=3,maxmem=4G", 1UL << 30, 3UL, 4UL << 30)]
    [InlineData("size=1G,slots=1,maxmem=2G", 1UL << 30, 1UL, 2UL << 30)]
    [InlineData("1G,maxmem=4G", 1UL << 30, null, 4UL << 30)]
    [InlineData("1G,slots=0,maxmem=4G", 1UL << 30, 0UL, 4UL << 30)]
    [InlineData("1G,maxmem=1G", 1UL << 30, null, 1UL << 30)]
    [InlineData("1G,slots=0,maxmem=1G", 1UL << 30, 0UL, 1UL << 30)]
    [InlineData("1G,slots=0x10,maxmem=4g", 1UL << 30, 16UL, 4UL << 30)]
    [InlineData("0", 128UL << 20, null, null)]
    [InlineData("", 128UL << 20, null, null)]
    [InlineData("512b", 8192UL, null, null)]
    [InlineData("100k", 106496UL, null, null)]
    [InlineData("4096K", 4UL << 20, null, null)]
    [InlineData("16m", 16UL << 20, null, null)]
    [InlineData("1.5G", 3UL << 29, null, null)]
    [InlineData("1.G", 1UL << 30, null, null)]
    [InlineData("100.3M", 105177088UL, null, null)]
    [InlineData("0x200", 512UL << 20, null, null)]
    [InlineData("0x200M", 512UL << 20, null, null)]
    public void A_text_is_read_as_qemu_reads_it(string text, ulong size, ulong? slots, ulong? maximum)
    {
        MemoryConfiguration configuration = MemoryConfiguration.Parse(text).Validate(46);
        Assert.Equal((size, slots, maximum), (configuration.SizeBytes, configuration.Slots, configuration.MaxSizeBytes));
    }

    [Theory]
    [InlineData("1.5", NotASize)]
    [InlineData("1.5B", NotASize)]
    [InlineData("1e3", NotASize)]
    [InlineData("-5", NotASize)]
    [InlineData("12X", NotASize)]
    [InlineData("6GB", NotASize)]
    [InlineData("1GiB", NotASize)]
    [InlineData("0x1.8", NotASize)]
    [InlineData("1G ", NotASize)]
    [InlineData("abc", NotASize)]
    [InlineData("1G,maxmem=x", "Parameter 'maxmem' expects a non-negative number below 2^64")]
    [InlineData("20E", "Value '20E' is out of range for parameter 'size'")]
    [InlineData("99999999999999999999", "Value '99999999999999999999' is out of range for parameter 'size'")]
    [InlineData("1G,slots=x,maxmem=4G", "Parameter 'slots' expects a number")]
    [InlineData("1G,foo=2", "Invalid parameter 'foo'")]
    [InlineData("4G,slots=3,maxmem=1G", "invalid value of maxmem: maximum memory size (0x40000000) must be at least the initial memory size (0x100000000)")]
    [InlineData("1G,maxmem=512", "invalid value of maxmem: maximum memory size (0x200) must be at least the initial memory size (0x40000000)")]
    [InlineData("1G,slots=3,maxmem=1G", "invalid value of maxmem: memory slots were specified but maximum memory size (0x40000000) is equal to the initial memory size (0x40000000)")]
    [InlineData("1G,slots=3", "slots specified but no max-size")]
    [InlineData("1G,slots=0", "slots specified but no max-size")]
    [InlineData("1G,slots=3,maxmem=100T", "Address space limit 0x3fffffffffff < 0x6401ffffffff phys-bits too low (46)")]
    [InlineData("1G,slots=256,maxmem=65276G", "Address space limit 0x3fffffffffff < 0x40003fffffff phys-bits too low (46)")]
    [InlineData("1G,slots=1,maxmem=65531G", "Address space limit 0x3fffffffffff < 0x40003fffffff phys-bits too low (46)")]
    [InlineData("1G,maxmem=65532G", "Address space limit 0x3fffffffffff < 0x40003fffffff phys-bits too low (46)")]
    [InlineData("1G,slots=257,maxmem=64T", "Address space limit 0x3fffffffffff < 0x40417fffffff phys-bits too low (46)")]
    [InlineData("1G,slots=257,maxmem=4G", "unsupported amount of memory slots: 257")]
    [InlineData("1G,slots=-1,maxmem=4G", "unsupported amount of memory slots: 18446744073709551615")]
    [InlineData("1G,slots=3,maxmem=4000000001", "maximum memory size must by aligned to multiple of 4096 bytes")]
    public void What_qemu_refuses_is_refused_in_its_words(string text, string message)
    {
        EngineException error = Assert.Throws<EngineException>(() => MemoryConfiguration.Parse(text).Validate(46));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Several_texts_are_merged_and_a_later_key_wins()
    {
        Assert.Equal(
            new MemoryConfiguration { SizeBytes = 2UL << 30, Slots = 2, MaxSizeBytes = 4UL << 30 },
            MemoryConfiguration.Parse("1G", "slots=2,maxmem=4G", "size=2G"));
    }

    [Fact]
    public void A_hexadecimal_size_with_a_letter_warns()
    {
        Assert.Equal(["Using a multiplier suffix on hex numbers is deprecated: 0x200M"], MemoryConfiguration.Parse("0x200").Warnings);
        Assert.Empty(MemoryConfiguration.Parse("1G").Warnings);
    }

    [Fact]
    public void Bytes_can_be_the_meaning_of_a_bare_number()
    {
        Assert.Equal(1UL << 30, MemoryConfiguration.ParseBytes("1073741824,slots=1,maxmem=2G").SizeBytes);
    }

    [Theory]
    [InlineData("256 slots", "1G,slots=256,maxmem=4G")]
    [InlineData("the most that 46 bits hold with 256 slots", "1G,slots=256,maxmem=65275G")]
    [InlineData("the most that 46 bits hold with one slot", "1G,slots=1,maxmem=65530G")]
    [InlineData("the most that 46 bits hold", "1G,maxmem=65531G")]
    [InlineData("one byte of maxmem beyond a page", "1G,slots=1,maxmem=1073745920")]
    public void The_limits_themselves_are_allowed(string what, string text)
    {
        Assert.NotNull(what);
        MemoryConfiguration.Parse(text).Validate(46);
    }

    [Theory]
    [InlineData("3583M,slots=1,maxmem=5G", 3583UL << 20, 0UL, 0x1_0000_0000UL, (1537UL << 20) + (1UL << 30))]
    [InlineData("3G,slots=1,maxmem=5G", 3UL << 30, 0UL, 0x1_0000_0000UL, 0xC000_0000UL)]
    [InlineData("3584M,slots=1,maxmem=5G", 3UL << 30, 512UL << 20, 0x1_4000_0000UL, 0xA000_0000UL)]
    [InlineData("4G,slots=1,maxmem=5G", 3UL << 30, 1UL << 30, 0x1_4000_0000UL, 0x8000_0000UL)]
    [InlineData("1G,slots=256,maxmem=2G", 1UL << 30, 0UL, 0x1_0000_0000UL, 275951648768UL)]
    [InlineData("1G,maxmem=4G", 1UL << 30, 0UL, 0x1_0000_0000UL, 3UL << 30)]
    [InlineData("1G", 1UL << 30, 0UL, 0x1_0000_0000UL, 0UL)]
    public void Memory_lies_where_qemu_puts_it(string text, ulong low, ulong high, ulong regionBase, ulong regionSize)
    {
        Assert.Equal(new MemoryLayout(low, high, regionBase, regionSize), MemoryLayout.Of(MemoryConfiguration.Parse(text).Validate(46)));
    }
}
