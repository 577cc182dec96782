using System;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Benchmarks;

/// <summary>How several figures become one.</summary>
internal static class Statistics
{
    /// <summary>The middle one of the sorted values.</summary>
    /// <param name="values">At least one value.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The geometric mean, the mean for ratios.</summary>
    /// <param name="values">At least one value above zero.</param>
    public static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
