<#
.SYNOPSIS
Gives a guest memory while its load grows and takes it back when the load is gone.

.DESCRIPTION
What a balloon or a cloud's autoscaler does, in forty lines: look at what the guest has left, add a DIMM when that is little, remove the last
one when it is much. The guest may refuse to give a DIMM back; then it keeps it, and the next round asks again.
The load is a RAM disk in the guest that is filled and emptied in steps. It needs a guest image: New-EmuGuestImage makes one.

.EXAMPLE
pwsh -File examples/autogrow.ps1

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/autogrow.ps1 -LoadMB 1500
#>
[CmdletBinding()]
param(
    [string] $Guest = 'debian-cloud',

    # How much the load takes at its height, in MiB, and by how much it grows per round.
    [int] $LoadMB = 900,
    [int] $StepMB = 150,

    # The policy: less left than Low adds a DIMM; a DIMM goes when more than High would still be left without it.
    [long] $Low = 250MB,
    [long] $High = 300MB,
    [long] $DimmSize = 512MB,
    [double] $BootTimeout = 300
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../EmuPS.psd1')
if ((Get-EmuGuestImage).Name -notcontains $Guest) { $null = New-EmuGuestImage $Guest }

# One round of the policy. It emits what it did.
function Invoke-MemoryPolicy {
    param($VM, [long] $Low, [long] $High, [long] $DimmSize)
    $left = (Get-EmuMemory -Guest -VM $VM).MemAvailable
    $dimms = @(Get-EmuDimm -VM $VM)
    if ($left -lt $Low) {
        if (-not (Get-EmuDimmSlot -VM $VM -Free)) { return 'wants more, but no slot is free' }
        $added = Add-EmuDimm -VM $VM -Size $DimmSize -Wait -PassThru
        $null = Wait-EmuDimm $added.DimmId -VM $VM -For Online
        return "added $($added.DimmId)"
    }

    if ($dimms -and $left - $dimms[-1].SizeBytes -gt $High) {
        # A refusal is no failure of the script: -PassThru says what became of the request.
        $result = Remove-EmuDimm $dimms[-1] -WithBackend -Wait -PassThru -ErrorAction SilentlyContinue
        return "asked for $($result.DimmId): $($result.Outcome)"
    }

    'left it'
}

function Format-Round {
    param($VM, [int] $Load, [string] $Did)
    $memory = Get-EmuMemory -Guest -VM $VM
    'load {0,5} MiB   guest has {1,5:N0} MiB, {2,5:N0} left   {3} DIMMs   {4}' -f
        $Load, ($memory.MemTotal / 1MB), ($memory.MemAvailable / 1MB), @(Get-EmuDimm -VM $VM).Count, $Did
}

$policy = @{ Low = $Low; High = $High; DimmSize = $DimmSize }

# Movable memory can be given back; memory that the kernel keeps its own data in cannot.
$vm = Start-EmuVM -Guest $Guest -Memory 512MB -Slots 4 -MaxMemory 4GB -OnlinePolicy Movable -Wait -Timeout $BootTimeout
try {
    $null = Invoke-EmuGuestCommand -VM $vm 'mkdir -p /load && mount -t tmpfs -o size=8g load /load'
    $start = (Get-EmuMemory -Guest -VM $vm).MemTotal
    $most = $start
    Format-Round -VM $vm -Load 0 -Did 'start'

    for ($load = $StepMB; $load -le $LoadMB; $load += $StepMB) {
        # First the room, then the load: a step must not be larger than -Low.
        $did = Invoke-MemoryPolicy -VM $vm @policy
        $null = Invoke-EmuGuestCommand -VM $vm "dd if=/dev/zero of=/load/$load bs=1M count=$StepMB 2>&1"
        $most = [Math]::Max($most, (Get-EmuMemory -Guest -VM $vm).MemTotal)
        Format-Round -VM $vm -Load $load -Did $did
    }

    $null = Invoke-EmuGuestCommand -VM $vm 'rm /load/*'
    for ($round = 0; $round -lt 10 -and (Get-EmuDimm -VM $vm); $round++) {
        $did = Invoke-MemoryPolicy -VM $vm @policy
        Format-Round -VM $vm -Load 0 -Did $did
    }

    $killed = Invoke-EmuGuestCommand -VM $vm 'dmesg | grep -c "Out of memory"' -IgnoreExitCode
    $right = $most -gt $start -and (Get-EmuMemory -Guest -VM $vm).MemTotal -eq $start -and [int] $killed.Output -eq 0
}
finally {
    Remove-EmuVM $vm -Force
}

if (-not $right) {
    'The guest did not grow and shrink as it should have.'
    exit 1
}

'The guest grew with its load and gave everything back.'
