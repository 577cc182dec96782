using System;
using EmuPS.Core.Addresses;

namespace EmuPS.Devices.Pci;

/// <summary>The 440FX host bridge (8086:1237), slot 0 function 0.</summary>
public sealed class I440Fx : PciDevice
{
    /// <summary>Number of areas from 0xC0000 to 0xFFFFF that can be RAM or not: twelve of 16 KiB, then one of 64 KiB.</summary>
    public const int ShadowAreas = 13;

    private const int FirstAttributes = 0x59;
    private const int LastAttributes = 0x5F;
    private const uint FirstArea = 0xC_0000;
    private const uint AreaSize = 0x4000;
    private const uint LastArea = 0xF_0000;
    private const uint LastAreaSize = 0x1_0000;

    private readonly Action? _shadowChanged;

    /// <summary>Makes the bridge as firmware leaves it, with the areas below 1 MiB as RAM; or as it comes out of reset, for firmware.</summary>
    /// <param name="shadowChanged">Called when firmware changes <see cref="GetShadow"/>; null for a machine that has none.</param>
    public I440Fx(Action? shadowChanged = null)
        : base(0x8086, 0x1237, revision: 2, classCode: 0x06_00_00)
    {
        _shadowChanged = shadowChanged;
        bool initialized = shadowChanged is null;
        Define(FirstAttributes, initialized ? (byte)0x30 : (byte)0, writable: 0x30);
        for (int offset = FirstAttributes + 1; offset <= LastAttributes; offset++)
        {
            Define(offset, initialized ? (byte)0x33 : (byte)0, writable: 0x33);
        }

        // System management RAM: there is none. Firmware leaves it closed and locked.
        Define(0x72, initialized ? (byte)0x1A : (byte)0x02, writable: 0x40);
    }

    /// <summary>Where an area lies.</summary>
    /// <param name="area">0 to 12.</param>
    public static AddressRange ShadowRange(int area) =>
        area == ShadowAreas - 1 ? new AddressRange(LastArea, LastAreaSize) : new AddressRange(FirstArea + ((uint)area * AreaSize), AreaSize);

    /// <summary>What becomes of accesses to an area.</summary>
    /// <param name="area">0 to 12.</param>
    public ShadowAccess GetShadow(int area)
    {
        // The first register has the last area in its upper half; the others have two each, the lower one in the lower half.
        uint value = area == ShadowAreas - 1
            ? ReadConfiguration(FirstAttributes, 1) >> 4
            : ReadConfiguration(FirstAttributes + 1 + (area / 2), 1) >> (4 * (area & 1));
        return (ShadowAccess)(value & 3);
    }

    /// <inheritdoc/>
    protected override void ConfigurationWritten(int offset)
    {
        if (offset is >= FirstAttributes and <= LastAttributes)
        {
            _shadowChanged?.Invoke();
        }
    }
}
