namespace EmuPS.Machine.QemuOptions;

/// <summary>What the dialects have in common.</summary>
internal static class PropertyDialects
{
    extension(PropertyDialect dialect)
    {
        /// <summary>Whether values are of JSON's types and nothing else will do.</summary>
        internal bool IsStrict => dialect is PropertyDialect.Json or PropertyDialect.DeviceJson;
    }
}
