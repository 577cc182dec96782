# Dot-sourced in BeforeAll by every test file.
Import-Module (Join-Path $PSScriptRoot '../../EmuPS.psd1')

# A VM with the simulated guest, which boots in milliseconds. Its name is generated: VMs belong to the process, and tests may run side by side.
function New-TestVM {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
    param([int] $Slots = 8, [hashtable] $With = @{})
    Start-EmuVM -Guest Simulated -Memory 64MB -Slots $Slots -MaxMemory 4GB -Wait -Timeout 30 -ErrorAction Stop @With
}

function Remove-TestVM {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
    param($VM)
    if ($VM) { Remove-EmuVM $VM -Force -ErrorAction SilentlyContinue }
}

# What Tab offers after a piece of a command line.
function Get-Completion {
    param([string] $Line)
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
}

# What a command wrote to the error stream, without stopping at it.
function Get-ErrorOf {
    param([scriptblock] $Script)
    & $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
}
