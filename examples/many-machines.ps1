<#
.SYNOPSIS
Runs the same hotplug test on several machines, or in several processes of this one, and gathers the results as objects.

.DESCRIPTION
A VM lives in the process that started it. More machines than one therefore means: send the script there, run it there, bring back what it emits.

With -HostName the script goes to other computers over PowerShell remoting (SSH). They need pwsh, EmuPS in their module path and an SSH server
with the PowerShell subsystem; EmuPS.Shell cannot connect to others, so this form needs pwsh here too.

Without -HostName it runs in -Count processes of the host that runs this script, pwsh or EmuPS.Shell. That is what Start-Job does, but
Start-Job needs a pwsh executable. What comes back travels as JSON, as a job's output travels as CLIXML: snapshots, not live VMs.

.EXAMPLE
pwsh -File examples/many-machines.ps1 -HostName node1, node2

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- examples/many-machines.ps1 -Count 3
#>
[CmdletBinding(DefaultParameterSetName = 'Local')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Remote')]
    [string[]] $HostName,

    [Parameter(ParameterSetName = 'Local')]
    [ValidateRange(1, 64)]
    [int] $Count = 2,

    [string] $Guest = 'Simulated'
)

$ErrorActionPreference = 'Stop'

# What runs elsewhere. It knows nothing of here but its arguments, and emits plain objects.
$test = {
    param([string] $Module, [string] $Guest, [string] $Where)
    $ErrorActionPreference = 'Stop'
    Import-Module $Module
    $vm = Start-EmuVM -Guest $Guest -Memory 512MB -Slots 4 -MaxMemory 4GB -OnlinePolicy Movable -Wait -Timeout 300
    try {
        foreach ($number in 1..4) { Add-EmuDimm -VM $vm -Size 256MB }
        Get-EmuDimm -VM $vm | Wait-EmuDimm -For Accepted
        Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -PassThru | ForEach-Object {
            [pscustomobject] @{ Where = $Where; Process = $PID; Dimm = $_.DimmId; Outcome = "$($_.Outcome)"; Milliseconds = [int] $_.Elapsed.TotalMilliseconds }
        }
    }
    finally {
        Remove-EmuVM $vm -Force
    }
}

function Invoke-LocalTest {
    param([int] $Number)
    $process = [Environment]::ProcessPath
    $start = [System.Diagnostics.ProcessStartInfo]::new($process)
    # A host that "dotnet" runs is named by its assembly.
    if ([System.IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') { $start.ArgumentList.Add([Environment]::GetCommandLineArgs()[0]) }
    $module = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../EmuPS.psd1'))
    $command = "& {$test} '$module' '$Guest' 'process $Number' | ForEach-Object { ConvertTo-Json `$_ -Compress }"
    foreach ($argument in '-NoProfile', '-Command', $command) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $started = [System.Diagnostics.Process]::Start($start)
    @{ Process = $started; Output = $started.StandardOutput.ReadToEndAsync() }
}

if ($HostName) {
    # One connection each, all at once; PowerShell adds PSComputerName to what comes back.
    $results = Invoke-Command -HostName $HostName -ScriptBlock $test -ArgumentList 'EmuPS', $Guest, 'remote'
}
else {
    $running = @(1..$Count | ForEach-Object { Invoke-LocalTest $_ })
    $results = foreach ($one in $running) {
        $output = $one.Output.GetAwaiter().GetResult()
        $one.Process.WaitForExit()
        if ($one.Process.ExitCode -ne 0) { throw "A process failed with exit code $($one.Process.ExitCode). It said: $output" }
        $output -split "`n" | Where-Object { $_ -like '{*' } | ConvertFrom-Json
    }
}

$results | Format-Table -Property Where, Process, Dimm, Outcome, Milliseconds | Out-Host
$wrong = @($results | Where-Object Outcome -NE 'Removed')
"$(@($results).Count) DIMMs in $(@($results.Process | Sort-Object -Unique).Count) processes, $($wrong.Count) not removed."
if ($wrong.Count -gt 0) { exit 1 }
