using System.Numerics;

namespace EmuPS.Cpu.CodeCache;

/// <summary>How often translated code of a physical page was lost because its bytes were written, forgotten by and by: code that does not last is not worth translating.</summary>
/// <remarks>A table of fixed size, in which a page that meets another one's place takes it: what is forgotten costs a few translations and nothing else.</remarks>
internal sealed class RewrittenPages
{
    /// <summary>Translated blocks that a page may lose in a while before its blocks have to wait.</summary>
    public const int Allowed = 64;

    private const int Places = 1 << 10;
    private const int HalfLifeShift = 25;
    private const int ShortestWait = 256;
    private const int MostDoublings = 8;

    private readonly Place[] _places = new Place[Places];

    /// <summary>A page lost a translated block.</summary>
    /// <param name="page">Guest physical address of the page.</param>
    /// <param name="retired">Instructions that the processor has completed.</param>
    public void Note(ulong page, ulong retired)
    {
        ref Place place = ref PlaceOf(page);
        if (place.Page != page || place.Losses == 0)
        {
            place = new Place { Page = page, Since = retired };
        }

        place.Age(retired);
        place.Losses++;
    }

    /// <summary>How many more times a block of a page is to be interpreted before it is translated: none, or the more the more the page has lost.</summary>
    /// <param name="page">Guest physical address of the page.</param>
    /// <param name="retired">Instructions that the processor has completed.</param>
    public int Wait(ulong page, ulong retired)
    {
        ref Place place = ref PlaceOf(page);
        if (place.Page != page || place.Losses <= Allowed)
        {
            return 0;
        }

        place.Age(retired);
        return place.Losses <= Allowed ? 0 : ShortestWait << int.Min(BitOperations.Log2((uint)(place.Losses / Allowed)), MostDoublings);
    }

    private ref Place PlaceOf(ulong page) => ref _places[(page >> 12) & (Places - 1)];

    private struct Place
    {
        public ulong Page;
        public ulong Since;
        public int Losses;

        /// <summary>Half of the losses are forgotten every 32 million instructions.</summary>
        public void Age(ulong retired)
        {
            ulong halves = (retired - Since) >> HalfLifeShift;
            if (halves != 0)
            {
                Losses = halves < 32 ? Losses >> (int)halves : 0;
                Since += halves << HalfLifeShift;
            }
        }
    }
}
