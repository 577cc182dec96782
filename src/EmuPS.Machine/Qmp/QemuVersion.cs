using System.Reflection;

namespace EmuPS.Machine.Qmp;

/// <summary>The version that monitors report: the QEMU whose words and rules hold, and ours as the package.</summary>
internal static class QemuVersion
{
    internal const long Major = 7;
    internal const long Minor = 2;
    internal const long Micro = 22;

    /// <summary>For example <c>EmuPS 0.2.0-preview</c>.</summary>
    internal static string Package
    {
        get
        {
            string version = typeof(QemuVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
            return "EmuPS " + version.Split('+')[0];
        }
    }

    /// <summary>The value of query-version.</summary>
    internal static object Describe() => QmpObject.Of(
        ("qemu", QmpObject.Of(("micro", Micro), ("minor", Minor), ("major", Major))),
        ("package", Package));
}
