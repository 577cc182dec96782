using System.Collections.Generic;
using System.Linq;
using System.Net;
using EmuPS.Errors;
using EmuPS.Machine.Qmp;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>The QMP servers of a VM, from the front's side.</summary>
internal static class QmpServers
{
    /// <summary>Starts a server.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="path">The path of a Unix socket; null for a TCP port.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="address">The address to listen on; null for this host only.</param>
    /// <param name="allowRemote">Whether the address may be one that other hosts reach.</param>
    public static EmuQmpServer Start(EmuVM vm, string? path, int port, string? address, bool allowRemote)
    {
        vm.RequireAlive();
        IPAddress? parsed = null;
        if (address is not null && !IPAddress.TryParse(address, out parsed))
        {
            throw new EmuException(
                ErrorIds.InvalidArgument, $"'{address}' is no address of a network interface.", "Write an address such as 127.0.0.1.",
                category: System.Management.Automation.ErrorCategory.InvalidArgument);
        }

        QmpServer server = path is not null ? QmpServer.ListenUnix(vm.Machine, path) : QmpServer.ListenTcp(vm.Machine, port, parsed, allowRemote);
        vm.AddQmpServer(server);
        return From(vm, server);
    }

    /// <summary>The servers of a VM that listen.</summary>
    public static IEnumerable<EmuQmpServer> List(EmuVM vm) => vm.QmpServers.Select(server => From(vm, server));

    private static EmuQmpServer From(EmuVM vm, QmpServer server) => new(vm)
    {
        Endpoint = server.Path ?? server.EndPoint!.ToString(),
        Path = server.Path,
        Address = server.EndPoint?.Address.ToString(),
        Port = server.EndPoint?.Port,
        Clients = server.ClientCount,
    };
}
