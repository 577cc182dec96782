using System;
using System.Globalization;
using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Completion;

/// <summary>Lets a parameter of type <see cref="long"/> take sizes as people write them: <c>512M</c>, <c>1.5G</c>, <c>1GB</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByteSizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case string text when EmuByteSize.TryParse(text, out long bytes):
                return bytes;
            case string text when EmuByteSize.IsTooLarge(text):
                throw TooLarge($"'{text}'");
            case string text:
                throw new ArgumentTransformationMetadataException(
                    $"'{text}' is not a size. Write a number of bytes, or a number with a unit: 512M, 1.5G, 1GB.");
            case EmuByteSize size:
                return size.Bytes;
            case double number when number == Math.Truncate(number) && Math.Abs(number) < long.MaxValue:
                return (long)number;
            case double number when Math.Abs(number) >= long.MaxValue:
                throw TooLarge(number.ToString("R", CultureInfo.InvariantCulture));
            case decimal number when number > long.MaxValue:
                throw TooLarge(number.ToString(CultureInfo.InvariantCulture));
            case ulong number when number > long.MaxValue:
                throw TooLarge(number.ToString(CultureInfo.InvariantCulture));
            case double number:
                throw new ArgumentTransformationMetadataException($"{number} is not a whole number of bytes.");
            default:
                return inputData;
        }
    }

    private static ArgumentTransformationMetadataException TooLarge(string what) => new($"{what} is too large: a size is less than 2^63 bytes (8E).");
}
