<#
.SYNOPSIS
Boots a Debian kernel, gives it a gigabyte while it runs, and takes it away again, checking each step with the guest's own figures.

.DESCRIPTION
The first run makes the guest image, which needs apt or the packages in -DebPath. -Guest Simulated needs nothing and takes a moment.
The script ends with exit code 1 when a figure is wrong.

.EXAMPLE
pwsh -File examples/hotplug.ps1

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/hotplug.ps1
#>
[CmdletBinding()]
param(
    # The guest image; it is made when it is missing.
    [string] $Guest = 'debian-cloud',

    # Debian packages to make the image from where there is no apt: a linux-image-*-cloud-amd64 and a busybox-static.
    [string[]] $DebPath,

    # Seconds to wait for the guest to boot.
    [double] $BootTimeout = 300
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../EmuPS.psd1')
$failures = 0

function Confirm-Figure {
    param([string] $What, [bool] $IsRight)
    if ($IsRight) {
        "   ok  $What"
    }
    else {
        "WRONG  $What"
        $script:failures++
    }
}

function Format-Figure {
    param([string] $When, $Figure)
    '{0}: MemTotal {1:N0} kB, {2} of {3} memory blocks online' -f $When, ($Figure.MemTotal / 1KB), $Figure.BlocksOnline, $Figure.Blocks
}

if ((Get-EmuGuestImage).Name -notcontains $Guest) {
    "Making the guest image '$Guest' ..."
    $request = @{ Name = $Guest }
    if ($DebPath) { $request.DebPath = $DebPath }
    New-EmuGuestImage @request | Out-Host
}

"Booting '$Guest' with 1 GB, 3 DIMM slots, at most 4 GB ..."
$vm = Start-EmuVM -Guest $Guest -Memory 1GB -Slots 3 -MaxMemory 4GB -OnlinePolicy Movable
try {
    $vm | Wait-EmuVM -For GuestReady -Timeout $BootTimeout
    "The guest was ready after {0:N1} s." -f $vm.Uptime.TotalSeconds

    $before = Get-EmuMemory -Guest -VM $vm
    Format-Figure 'Before' $before
    Confirm-Figure 'the guest has about 1 GB' ($before.MemTotal -gt 0.85GB -and $before.MemTotal -le 1GB)

    'Adding a DIMM of 1 GB ...'
    New-EmuMemoryBackend mem1 1GB -VM $vm | Add-EmuDimm -Id dimm1 -Wait
    Wait-EmuDimm dimm1 -VM $vm -For Online
    $with = Get-EmuMemory -Guest -VM $vm
    Format-Figure 'With the DIMM' $with
    Confirm-Figure 'the guest has 1 GB more' ($with.MemTotal - $before.MemTotal -eq 1GB)
    Confirm-Figure 'its new memory blocks are online' ($with.BlocksOnline -gt $before.BlocksOnline)
    Get-EmuDimm -VM $vm | Out-Host
    Confirm-Figure 'the DIMM is in slot 0' ((Get-EmuDimm dimm1 -VM $vm).Slot -eq 0)

    'Removing it: Get-EmuDimm | Remove-EmuDimm -Wait ...'
    $result = Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -PassThru
    $result | Out-Host
    Confirm-Figure 'the guest let it go' ($result.Outcome -eq 'Removed')
    $after = Get-EmuMemory -Guest -VM $vm
    Format-Figure 'After' $after
    Confirm-Figure 'the guest has what it had before' ($after.MemTotal -eq $before.MemTotal)
    Confirm-Figure 'so have its memory blocks' ($after.BlocksOnline -eq $before.BlocksOnline)

    Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend
    Confirm-Figure 'the backend is gone' ($null -eq (Get-EmuMemoryBackend -VM $vm))

    Stop-EmuVM $vm
    Confirm-Figure 'the VM shut down in order' ($vm.State -eq 'Stopped' -and $vm.ExitReason -eq 'guest-shutdown')
}
finally {
    Remove-EmuVM $vm -Force
}

if ($failures -gt 0) {
    "$failures figures are wrong."
    exit 1
}

'All figures are right.'
