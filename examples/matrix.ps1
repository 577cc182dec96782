<#
.SYNOPSIS
Tries every combination of DIMM size, number of DIMMs and answer of the guest, several at a time, and makes a table of what came of it.

.DESCRIPTION
Each case has a VM of its own with the simulated guest, so hundreds run in seconds and none disturbs another.
VMs belong to the process: the runspaces of ForEach-Object -Parallel see the same ones. The module has to be imported in each of them.

.PARAMETER Path
A CSV file for the table.

.EXAMPLE
pwsh -File examples/matrix.ps1 -Path ./matrix.csv

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/matrix.ps1
#>
[CmdletBinding()]
param(
    [long[]] $Size = (128MB, 256MB, 1GB),
    [int[]] $Count = (1, 3, 8),
    [string[]] $Answer = ('Accept', 'Refuse', 'Ignore'),
    [int] $ThrottleLimit = 4,
    [string] $Path
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../EmuPS.psd1'
Import-Module $manifest

$cases = foreach ($bytes in $Size) {
    foreach ($number in $Count) {
        foreach ($how in $Answer) {
            [pscustomobject] @{ Size = $bytes; Count = $number; Answer = $how }
        }
    }
}

$results = $cases | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    $ErrorActionPreference = 'Stop'
    Import-Module $using:manifest
    $case = $_
    $vm = Start-EmuVM -Guest Simulated -Memory 64MB -Slots 8 -MaxMemory 16GB -UnplugPolicy $case.Answer -Wait
    try {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        foreach ($number in 1..$case.Count) { Add-EmuDimm -VM $vm -Size $case.Size }
        Get-EmuDimm -VM $vm | Wait-EmuDimm -For Accepted

        # An ignored request is never answered: the wait is short, and Pending is the right outcome.
        $timeout = if ($case.Answer -eq 'Ignore') { 0.5 } else { 30 }
        $removed = Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -Timeout $timeout -PassThru -ErrorAction SilentlyContinue
        [pscustomobject] @{
            SizeMB = $case.Size / 1MB
            Count = $case.Count
            Answer = $case.Answer
            Outcome = @($removed.Outcome | Sort-Object -Unique) -join ' '
            LeftMB = (Get-EmuMemory -VM $vm).PluggedBytes / 1MB
            Seconds = [Math]::Round($watch.Elapsed.TotalSeconds, 2)
        }
    }
    finally {
        Remove-EmuVM $vm -Force
    }
}

$results = $results | Sort-Object SizeMB, Count, Answer
$results | Format-Table -Property SizeMB, Count, Answer, Outcome, LeftMB, Seconds | Out-Host
if ($Path) { $results | ConvertTo-Csv | Set-Content -LiteralPath $Path }

$expected = @{ Accept = 'Removed'; Refuse = 'Refused'; Ignore = 'Pending' }
$wrong = @($results | Where-Object { $_.Outcome -ne $expected[$_.Answer] })
"$(@($results).Count) cases, $($wrong.Count) not as expected."
if ($wrong.Count -gt 0) { exit 1 }
