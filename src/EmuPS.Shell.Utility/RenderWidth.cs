using System.Management.Automation.Host;

namespace EmuPS.Shell.Utility;

/// <summary>How wide text is laid out.</summary>
internal static class RenderWidth
{
    private const int WithoutTerminal = 120;

    /// <summary>The host's width in columns.</summary>
    /// <param name="host">The host; one without a screen gives 120.</param>
    /// <returns>Columns.</returns>
    public static int Of(PSHost host)
    {
        try
        {
            return host.UI?.RawUI is { } raw && raw.BufferSize.Width > 1 ? raw.BufferSize.Width - 1 : WithoutTerminal;
        }
        catch (HostException)
        {
            return WithoutTerminal;
        }
    }
}
