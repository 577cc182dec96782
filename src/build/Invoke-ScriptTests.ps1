# Runs the .Tests.ps1 files in this process and writes their sums into a file. build.ps1 -Task Test starts it.
[CmdletBinding()]
param([Parameter(Mandatory, Position = 0)] [string] $RequestPath)

$ErrorActionPreference = 'Stop'
$request = Get-Content -LiteralPath $RequestPath -Raw | ConvertFrom-Json
Import-Module $request.Manifest

# Pester needs cmdlets that EmuPS.Shell does not supply, so it is looked for in pwsh alone.
$pester = if ($Host.Name -ne 'EmuPS.Shell') {
    Get-Module -ListAvailable -Name Pester | Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
}

# Tests inherit this: they start from PowerShell's own default, not from this script's.
$ErrorActionPreference = 'Continue'
if ($pester) {
    $runner = "Pester $($pester.Version)"
    Write-Information "Running the .Tests.ps1 files with $runner." -InformationAction Continue
    Import-Module $pester.Path
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $request.Path
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputFormat = 'JUnitXml'
    $configuration.TestResult.OutputPath = $request.JUnitPath
    $configuration.Filter.Tag = @($request.Tag)
    $configuration.Filter.ExcludeTag = @($request.ExcludeTag)
    $result = Invoke-Pester -Configuration $configuration
}
else {
    $runner = 'EmuPS.Shell test runner (Pester subset)'
    Write-Information "Running the .Tests.ps1 files with the $runner." -InformationAction Continue
    Import-Module (Join-Path $PSScriptRoot '../EmuPS.Shell/TestRunner/EmuPS.TestRunner.psd1')
    $result = Invoke-EmuTest -Path $request.Path -Tag @($request.Tag) -ExcludeTag @($request.ExcludeTag) -JUnitPath $request.JUnitPath -PassThru
}

$sum = @{
    Runner = $runner
    Passed = $result.PassedCount
    Failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    Skipped = $result.SkippedCount + $result.InconclusiveCount
}
Set-Content -LiteralPath $request.SumPath -Value (ConvertTo-Json $sum)
if ($sum.Failed -gt 0) {
    exit 1
}
