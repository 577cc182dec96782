using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Completion;

/// <summary>Lets a parameter take QEMU's <c>1G,slots=3,maxmem=4G</c> without quotes, which PowerShell reads as an array.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemoryTextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is IEnumerable pieces and not string
            ? string.Join(',', pieces.Cast<object?>().Select(piece => Convert.ToString(piece, CultureInfo.InvariantCulture)))
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
