namespace EmuPS.Objects;

/// <summary>A socket on which a VM speaks the QEMU Machine Protocol; a snapshot.</summary>
public sealed class EmuQmpServer : VMPart
{
    internal EmuQmpServer(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Where it listens: the path of a Unix socket, or address and port.</summary>
    public string Endpoint { get; internal init; } = "";

    /// <summary>The path of its Unix socket; null when it listens on a port.</summary>
    public string? Path { get; internal init; }

    /// <summary>The address that it listens on; null when it has a Unix socket.</summary>
    public string? Address { get; internal init; }

    /// <summary>Its TCP port; null when it has a Unix socket.</summary>
    public int? Port { get; internal init; }

    /// <summary>The number of clients that are connected.</summary>
    public int Clients { get; internal init; }

    private protected override string Key => Endpoint;
}
