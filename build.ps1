<#
.SYNOPSIS
Builds, tests and packs EmuPS, in pwsh and in EmuPS.Shell alike.
.DESCRIPTION
Without pwsh:  dotnet run -c Release --project src/EmuPS.Shell -- build.ps1 -Task Test

Build  compiles everything and lays the module out in Module/bin, ready for Import-Module ./EmuPS.psd1; then Help.
Help   turns the pages of help/en-US into what Get-Help reads, in en-US beside the manifest.
Test   builds, then runs the xunit tests and the .Tests.ps1 files: with Pester where it is installed, otherwise with the
       EmuPS.Shell test runner (Pester subset). Ends with "N passed, N failed, N skipped"; fails when a test did.
Pack   builds, then assembles the module's folder and its .nupkg below artifacts/package.
Clean  removes what the other tasks made.

Everything runs one after the other, on one build node.
.PARAMETER Task
What to do, in this order.
.PARAMETER Configuration
Release or Debug.
.PARAMETER Filter
For Test: a filter for the xunit tests, as dotnet test takes it.
.PARAMETER Tag
For Test: runs only .Tests.ps1 tests with one of these tags.
.PARAMETER ExcludeTag
For Test: leaves out .Tests.ps1 tests with one of these tags.
.PARAMETER ProjectUri
For Pack: the project's address, an https one, which the packages name. Otherwise git's origin, if that is one; otherwise they name none.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Help', 'Test', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',
    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',
    [string] $Filter,
    [string[]] $Tag = @(),
    [string[]] $ExcludeTag = @(),
    [string] $ProjectUri
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

# What the tasks say, for the person in front of them; -InformationAction Ignore silences it.
if (-not $PSBoundParameters.ContainsKey('InformationAction')) { $InformationPreference = 'Continue' }

. $PSScriptRoot/src/build/Invoke-Build.ps1
. $PSScriptRoot/src/build/Invoke-Help.ps1
. $PSScriptRoot/src/build/Invoke-Test.ps1
. $PSScriptRoot/src/build/Invoke-Pack.ps1

$context = @{
    Root = $PSScriptRoot
    Configuration = $Configuration
    Artifacts = Join-Path $PSScriptRoot 'artifacts'
    ProjectUri = $ProjectUri
}

$failed = $false
foreach ($one in $Task) {
    switch ($one) {
        'Build' { Invoke-Build $context }
        'Help' { Invoke-Help $context }
        'Test' { $failed = -not (Invoke-Test $context $Filter $Tag $ExcludeTag) }
        'Pack' { Invoke-Pack $context }
        'Clean' { Invoke-Clean $context }
    }
}

if ($failed) {
    exit 1
}
