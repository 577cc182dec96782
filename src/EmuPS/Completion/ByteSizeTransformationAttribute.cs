using System;
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
            case string text:
                throw new ArgumentTransformationMetadataException(
                    $"'{text}' is not a size. Write a number of bytes, or a number with a unit: 512M, 1.5G, 1GB.");
            case EmuByteSize size:
                return size.Bytes;
            case double number when number == Math.Truncate(number) && Math.Abs(number) < long.MaxValue:
                return (long)number;
            case double number:
                throw new ArgumentTransformationMetadataException($"{number} is not a whole number of bytes.");
            default:
                return inputData;
        }
    }
}
