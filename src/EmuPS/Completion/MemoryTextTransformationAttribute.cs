using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Completion;

/// <summary>Lets a parameter take QEMU's <c>1G,slots=3,maxmem=4G</c> without quotes, which PowerShell reads as an array.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemoryTextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is Array pieces ? string.Join(',', pieces.Cast<object?>().Select(Text)) : Text(value);
    }

    private static string Text(object? piece) => (piece is PSObject wrapped ? wrapped.BaseObject : piece) switch
    {
        null => "",
        string text => text,
        EmuByteSize size => size.Bytes.ToString(CultureInfo.InvariantCulture),
        double number when number == Math.Truncate(number) && Math.Abs(number) < long.MaxValue => ((long)number).ToString(CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => Convert.ToString(piece, CultureInfo.InvariantCulture)!,
        var other => throw new ArgumentTransformationMetadataException(
            $"'{other}' of the type {other.GetType().Name} is not an amount of memory. Write a size such as 1GB, or 1G,slots=3,maxmem=4G."),
    };
}
