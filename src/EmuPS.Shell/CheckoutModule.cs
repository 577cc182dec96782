using System;
using System.IO;

namespace EmuPS.Shell;

/// <summary>Where the EmuPS module of this checkout, or of the package the host came in, lies.</summary>
internal sealed class CheckoutModule
{
    private const string ManifestName = "EmuPS.psd1";

    private CheckoutModule(string manifest) => Manifest = manifest;

    /// <summary>The manifest's full path.</summary>
    public string Manifest { get; }

    /// <summary>Whether the module's assemblies have been built.</summary>
    public bool IsBuilt => File.Exists(Path.Combine(Path.GetDirectoryName(Manifest)!, "Module", "bin", "EmuPS.dll"));

    /// <summary>Walks up from the executable, then from the current directory.</summary>
    /// <returns>The module, or null where neither path holds one.</returns>
    public static CheckoutModule? Find() => FindAbove(AppContext.BaseDirectory) ?? FindAbove(Environment.CurrentDirectory);

    private static CheckoutModule? FindAbove(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string manifest = Path.Combine(folder.FullName, ManifestName);
            if (File.Exists(manifest))
                return new CheckoutModule(manifest);
        }

        return null;
    }
}
