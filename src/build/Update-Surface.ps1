<#
.SYNOPSIS
Writes the module's surface into docs/surface.txt, after a change that was meant.

.DESCRIPTION
docs/versioning.md says which changes may be made. Prints what changed.

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- src/build/Update-Surface.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
Import-Module (Join-Path $root 'EmuPS.psd1')
. (Join-Path $PSScriptRoot 'Get-Surface.ps1')

$file = Join-Path $root 'docs/surface.txt'
$was = if (Test-Path -LiteralPath $file) { [System.IO.File]::ReadAllLines($file) } else { @() }
$is = @(Get-Surface $root)
[System.IO.File]::WriteAllText($file, ($is -join "`n") + "`n")
Compare-Surface $was $is
