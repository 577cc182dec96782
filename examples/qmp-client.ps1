<#
.SYNOPSIS
Drives a machine from outside, through its QMP socket: adds a DIMM, waits for the guest's answer, takes the DIMM out again.

.DESCRIPTION
QMP is QEMU's protocol: a line of JSON per command, answer and event. Whatever speaks it (libvirt's tools, a Python script, this one) can drive
a VM of EmuPS. The client below uses nothing of EmuPS: with -Path it talks to any machine that listens there, QEMU's own included.
Without -Path the script starts a VM to talk to.

.EXAMPLE
pwsh -File examples/qmp-client.ps1

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/qmp-client.ps1 -Path /run/web1.qmp
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Guest = 'Simulated',

    # Seconds to wait for an answer or an event.
    [double] $Timeout = 60
)

$ErrorActionPreference = 'Stop'

function Connect-Qmp {
    param([string] $Path, [double] $Timeout)
    $socket = [System.Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
    $socket.Connect([System.Net.Sockets.UnixDomainSocketEndPoint]::new($Path))
    $stream = [System.Net.Sockets.NetworkStream]::new($socket, $true)
    $stream.ReadTimeout = [int] ($Timeout * 1000)
    $client = @{
        Stream = $stream
        Reader = [System.IO.StreamReader]::new($stream)
        Events = [System.Collections.Generic.List[object]]::new()
        Version = $null
    }

    # The greeting comes first, and the negotiation ends it.
    $client.Version = ($client.Reader.ReadLine() | ConvertFrom-Json).QMP.version.qemu
    $null = Invoke-Qmp $client 'qmp_capabilities'
    $client
}

# Sends a command and emits what it returns. Events may come before the answer; they are kept.
function Invoke-Qmp {
    param($Client, [string] $Command, [hashtable] $Arguments)
    $request = @{ execute = $Command }
    if ($Arguments) { $request.arguments = $Arguments }
    $bytes = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $request -Compress -Depth 10) + "`n")
    $Client.Stream.Write($bytes, 0, $bytes.Length)
    while ($true) {
        $answer = $Client.Reader.ReadLine() | ConvertFrom-Json
        if ($answer.event) { $Client.Events.Add($answer); continue }
        if ($answer.error) { throw "$Command failed: $($answer.error.class): $($answer.error.desc)" }
        return $answer.return
    }
}

# Emits the first event of a name that has come or comes.
function Wait-Qmp {
    param($Client, [string] $Name)
    while ($true) {
        $found = $Client.Events | Where-Object { $_.event -eq $Name } | Select-Object -First 1
        if ($found) {
            $null = $Client.Events.Remove($found)
            return $found.data
        }

        $Client.Events.Add(($Client.Reader.ReadLine() | ConvertFrom-Json))
    }
}

$vm = $null
$client = $null
try {
    if (-not $Path) {
        Import-Module (Join-Path $PSScriptRoot '../EmuPS.psd1')
        $Path = Join-Path ([System.IO.Path]::GetTempPath()) "emups-$([guid]::NewGuid().ToString('N').Substring(0, 8)).qmp"
        $vm = Start-EmuVM -Guest $Guest -Memory 512MB -Slots 3 -MaxMemory 2GB -OnlinePolicy Movable -QmpSocket $Path -Wait -Timeout 300
    }

    $client = Connect-Qmp $Path $Timeout
    "Connected to a machine that speaks as QEMU $($client.Version.major).$($client.Version.minor)."
    $null = Invoke-Qmp $client 'object-add' -Arguments @{ 'qom-type' = 'memory-backend-ram'; id = 'qmp-mem'; size = 256MB }
    $null = Invoke-Qmp $client 'device_add' -Arguments @{ driver = 'pc-dimm'; id = 'qmp-dimm'; memdev = 'qmp-mem' }
    $ost = Wait-Qmp $client 'ACPI_DEVICE_OST'
    "The guest answered for $($ost.info.device) in slot $($ost.info.slot): status $($ost.info.status)."

    $devices = Invoke-Qmp $client 'query-memory-devices'
    foreach ($device in $devices) {
        '{0}: {1} MiB at 0x{2:x}' -f $device.data.id, ($device.data.size / 1MB), $device.data.addr
    }

    $null = Invoke-Qmp $client 'device_del' -Arguments @{ id = 'qmp-dimm' }
    $deleted = Wait-Qmp $client 'DEVICE_DELETED'
    "$($deleted.device) is gone."
    $null = Invoke-Qmp $client 'object-del' -Arguments @{ id = 'qmp-mem' }
    $left = @(Invoke-Qmp $client 'query-memory-devices' | Where-Object { $_.data.id -eq 'qmp-dimm' })
}
finally {
    if ($client) { $client.Stream.Dispose() }
    if ($vm) { Remove-EmuVM $vm -Force }
}

if ($ost.info.status -ne 0 -or $left.Count -gt 0) {
    'The guest did not take the DIMM and give it back.'
    exit 1
}

'Added, answered, removed: all from outside.'
