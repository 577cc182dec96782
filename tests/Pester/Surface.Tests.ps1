Describe 'The surface' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'common.ps1')
        . (Join-Path $PSScriptRoot '../../src/build/Get-Surface.ps1')
        $script:root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
    }

    It 'is the one of docs/surface.txt' {
        $was = [System.IO.File]::ReadAllLines((Join-Path $root 'docs/surface.txt'))
        $is = @(Get-Surface $root)
        if (($was -join "`n") -ne ($is -join "`n")) {
            $difference = @(Compare-Surface $was $is)
            if ($difference.Count -eq 0) { $difference = 'only the order of lines differs' }
            throw "The surface is not the one of docs/surface.txt:`n$($difference -join "`n")`n" +
            'If that was meant (docs/versioning.md), take it over: dotnet run -c Release --project src/EmuPS.Shell -- src/build/Update-Surface.ps1'
        }
    }

    It 'shows a difference with what it belongs to' {
        $was = 'cmdlet Get-A', '  -Name <String>', '    in every set', '', 'error X'
        $is = 'cmdlet Get-A', '  -Name <String>', '    in every set: position 0', '', 'error X'
        Compare-Surface $was $is | Should -Be '- cmdlet Get-A / -Name <String> / in every set', '+ cmdlet Get-A / -Name <String> / in every set: position 0'
    }
}
