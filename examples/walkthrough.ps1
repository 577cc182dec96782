<#
.SYNOPSIS
Goes through QEMU's document on memory hotplug (docs/memory-hotplug.txt), each of its lines beside what is typed here.

.DESCRIPTION
Add a DIMM over RAM and one over a file, look at them, boot with DIMMs that are there from the start, take them out again.
The guest is the simulated one unless -Guest names an image; what is typed is the same.
QEMU's document uses hugepages: -HugePagePath names a mount of them. Without it an ordinary folder stands in, which shows the same but for the page size.

.EXAMPLE
pwsh -File examples/walkthrough.ps1

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/walkthrough.ps1 -Guest debian-cloud
#>
[CmdletBinding()]
param(
    [string] $Guest = 'Simulated',
    [string] $HugePagePath,
    [double] $BootTimeout = 300
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../EmuPS.psd1')

function Format-Step {
    param([string] $Qemu, [string] $Here)
    ''
    "QEMU:   $Qemu"
    "EmuPS:  $Here"
}

# Files of memory backends go into a folder of their own, which is removed at the end.
$folder = if ($HugePagePath) { $HugePagePath } else { Join-Path ([System.IO.Path]::GetTempPath()) "emups-$([guid]::NewGuid().ToString('N').Substring(0, 8))" }
if (-not $HugePagePath) { $null = New-Item -ItemType Directory -Path $folder }
$vm = $null
$cold = $null
try {
    # "Basic RAM hotplug": one GB, three slots, four GB at most.
    Format-Step 'qemu-system-x86_64 -m 1G,slots=3,maxmem=4G' 'Start-EmuVM -Memory 1GB -Slots 3 -MaxMemory 4GB'
    $vm = Start-EmuVM -Guest $Guest -Memory 1GB -Slots 3 -MaxMemory 4GB -OnlinePolicy Movable -Wait -Timeout $BootTimeout

    # A backend is host memory; a DIMM shows it to the guest. -Wait waits for the guest's answer, which QEMU reports as an event.
    Format-Step '(qemu) object_add memory-backend-ram,id=mem1,size=1G' 'New-EmuMemoryBackend mem1 1GB'
    New-EmuMemoryBackend mem1 1GB -VM $vm | Out-Host
    Format-Step '(qemu) device_add pc-dimm,id=dimm1,memdev=mem1' 'Add-EmuDimm mem1 -Id dimm1 -Wait'
    Add-EmuDimm mem1 -VM $vm -Id dimm1 -Wait

    # The same over a file.
    Format-Step "(qemu) object_add memory-backend-file,id=mem2,size=1G,mem-path=$folder" "New-EmuMemoryBackend mem2 1GB -Path $folder"
    New-EmuMemoryBackend mem2 1GB -VM $vm -Path $folder | Add-EmuDimm -Id dimm2 -Wait

    Format-Step '(qemu) info memory-devices' 'Get-EmuDimm'
    Get-EmuDimm -VM $vm | Out-Host
    Format-Step '(qemu) info memdev' 'Get-EmuMemoryBackend'
    Get-EmuMemoryBackend -VM $vm | Out-Host
    Format-Step '(none)' 'Show-EmuMemory'
    Show-EmuMemory -VM $vm

    # "RAM hot-unplug": ask the guest, wait for its answer, then delete the backend. A guest may refuse; that is an error with the reason.
    Format-Step '(qemu) device_del dimm1' 'Remove-EmuDimm dimm1 -Wait -PassThru'
    $result = Remove-EmuDimm dimm1 -VM $vm -Wait -PassThru
    $result | Out-Host
    Format-Step '(qemu) object_del mem1' 'Remove-EmuMemoryBackend mem1'
    Remove-EmuMemoryBackend mem1 -VM $vm

    # Whoever has QEMU's lines at hand can type them as they are.
    Format-Step '(qemu) info memory-devices' "Invoke-EmuMonitorCommand 'info memory-devices'"
    Invoke-EmuMonitorCommand 'info memory-devices' -VM $vm | Out-Host
    Stop-EmuVM $vm -TurnOff

    # "It is also possible to start with DIMMs": two of different sizes. -QemuArgument takes QEMU's own options.
    $options = "-m 1G,slots=3,maxmem=4G -object memory-backend-ram,id=mem1,size=1G -device pc-dimm,id=dimm1,memdev=mem1 " +
        "-object memory-backend-file,id=mem2,size=256M,mem-path=$folder -device pc-dimm,id=dimm2,memdev=mem2"
    Format-Step "qemu-system-x86_64 $options" "Start-EmuVM ... -Dimm @{ Id = 'dimm1'; Backend = @{ Id = 'mem1'; Size = '1G' } }, @{ ... Path = '$folder' }"
    $cold = Start-EmuVM -Guest $Guest -Memory 1GB -Slots 3 -MaxMemory 4GB -OnlinePolicy Movable -Wait -Timeout $BootTimeout -Dimm @(
        @{ Id = 'dimm1'; Backend = @{ Id = 'mem1'; Size = '1G' } }
        @{ Id = 'dimm2'; Backend = @{ Id = 'mem2'; Size = '256M'; Path = $folder } }
    )
    Get-EmuDimm -VM $cold | Out-Host

    $right = $result.Outcome -eq 'Removed' -and @(Get-EmuDimm -VM $cold).Count -eq 2
}
finally {
    foreach ($one in $vm, $cold) {
        if ($one) { Remove-EmuVM $one -Force }
    }

    if (-not $HugePagePath) { Remove-Item -LiteralPath $folder -Recurse -Force }
}

if (-not $right) {
    'Something is not as the document has it.'
    exit 1
}

'The walk-through is through.'
