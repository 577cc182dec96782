# A hotplug policy, as an automation might have it: bring a VM to a wanted amount of DIMM memory, and cope with what the guest says.
# MemoryPolicy.Tests.ps1 tests it. Copy both and put your own policy here.

function Set-DimmTotal {
    <#
    .SYNOPSIS
    Brings the memory in a VM's DIMMs to a total, in DIMMs of one size.
    .DESCRIPTION
    Grows to the total or just above it. Shrinks from the last slot down; a DIMM that the guest does not give back stays, and the next one is tried.
    Emits what it did: Wanted, Total, Added, Removed, Kept.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory)] $VM,
        [Parameter(Mandatory)] [long] $Total,
        [long] $DimmSize = 256MB,

        # Seconds that the guest has for all answers of one direction.
        [double] $Timeout = 30
    )

    $added = [System.Collections.Generic.List[string]]::new()
    $removed = [System.Collections.Generic.List[string]]::new()
    $kept = [System.Collections.Generic.List[string]]::new()
    if ($PSCmdlet.ShouldProcess($VM.Name, "Bring the memory in DIMMs to $($Total / 1MB) MiB")) {
        while ($VM.PluggedBytes -lt $Total) {
            $result = Add-EmuDimm -VM $VM -Size $DimmSize -Wait -Timeout $Timeout -PassThru -ErrorAction Stop
            $added.Add($result.DimmId)
        }

        foreach ($dimm in Get-EmuDimm -VM $VM | Sort-Object Slot -Descending) {
            if ($VM.PluggedBytes - $dimm.SizeBytes -lt $Total) { continue }
            # Data rather than an error: a guest that refuses is an everyday thing.
            $result = $dimm | Remove-EmuDimm -WithBackend -Wait -Timeout $Timeout -PassThru -ErrorAction SilentlyContinue
            if ($result.Outcome -eq 'Removed') { $removed.Add($dimm.DimmId) } else { $kept.Add($dimm.DimmId) }
        }
    }

    [pscustomobject] @{ Wanted = $Total; Total = $VM.PluggedBytes; Added = $added.ToArray(); Removed = $removed.ToArray(); Kept = $kept.ToArray() }
}
