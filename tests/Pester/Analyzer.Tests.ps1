# What PSScriptAnalyzer, where it is installed, says about the scripts of this repository: nothing, with none of its rules left out.

# Discovery: whether it is there (EmuPS.Shell has too few commands for it).
$hasAnalyzer = $Host.Name -ne 'EmuPS.Shell' -and $null -ne (Get-Module -ListAvailable -Name PSScriptAnalyzer)

Describe 'PSScriptAnalyzer' -Tag Unit -Skip:(-not $hasAnalyzer) {
    BeforeAll {
        Import-Module PSScriptAnalyzer
        $root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
        $folders = 'benchmarks', 'examples', 'src', 'tests' | ForEach-Object { Join-Path $root $_ }
        $script:files = @(Get-ChildItem -LiteralPath $root -File) + @(Get-ChildItem -LiteralPath $folders -File -Recurse) | Where-Object Extension -In '.ps1', '.psm1', '.psd1'
    }

    It 'finds nothing by <Name>' -ForEach @(
        @{ Name = 'its default rules'; Settings = @{} }
        @{ Name = 'the rules of the PowerShell Gallery'; Settings = @{ Settings = 'PSGallery' } }
        @{ Name = 'the settings that editors find'; Settings = @{ Settings = Join-Path $PSScriptRoot '../../PSScriptAnalyzerSettings.psd1' } }
    ) {
        $files.Count | Should -BeGreaterThan 50
        $found = $files | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName @Settings }
        ($found | ForEach-Object { '{0}:{1} {2} {3}' -f $_.ScriptPath, $_.Line, $_.RuleName, $_.Message }) -join "`n" | Should -BeNullOrEmpty
    }
}
