# What the README tells a stranger to type is typed here.

# Discovery: how many pieces of PowerShell it has.
$count = [regex]::Matches([System.IO.File]::ReadAllText((Join-Path $PSScriptRoot '../../README.md')), '(?m)^```powershell').Count

Describe 'The README' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'HostProcess.ps1')
        $script:root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
        $text = [System.IO.File]::ReadAllText((Join-Path $root 'README.md'))
        $script:blocks = @([regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```') | ForEach-Object { $_.Groups[1].Value })

        # A stranger's process: nothing but the module, and the line that was typed.
        function Invoke-AsTyped([string] $Text) {
            Invoke-HostProcess '-Command', "Set-Location '$root'`nImport-Module ./EmuPS.psd1`n`$ErrorActionPreference = 'Stop'`n$Text"
        }
    }

    It 'shows commands that exist, with parameters that exist: block <_>' -ForEach (0..($count - 1)) {
        $problems = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($blocks[$_], [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        Import-Module (Join-Path $root 'EmuPS.psd1')
        foreach ($use in $tree.FindAll({ $args[0].GetType().Name -eq 'CommandAst' }, $true)) {
            $name = $use.GetCommandName()
            if ($name -notlike '*-Emu*') { continue }
            $command = Get-Command $name -Module EmuPS -ErrorAction Stop
            foreach ($element in $use.CommandElements | Where-Object { $_.GetType().Name -eq 'CommandParameterAst' }) {
                $command.Parameters.Keys | Should -Contain $element.ParameterName -Because "of $name"
            }
        }
    }

    It 'shows the simulated guest as it is' {
        $simulated = [regex]::Match($blocks[0], '(?s)(\$vm = Start-EmuVM -Guest Simulated.*?)\n# The real kernel').Groups[1].Value
        $result = Invoke-AsTyped $simulated
        $result.Error | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        $result.Output | Should -Match 'dimm0 .* Accepted'
        $result.Output | Should -Match 'Outcome.*Removed'
    }

    It 'has a test that passes in a folder of its reader''s, and so has <_>' -ForEach 'help/en-US/about_EmuPS_Guests.md' {
        $file = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'mine') -Force
        $topic = [regex]::Match([System.IO.File]::ReadAllText((Join-Path $root $_)), '(?ms)^(Describe .*?)^```').Groups[1].Value
        Set-Content (Join-Path $file 'Shrink.Tests.ps1') ($blocks | Where-Object { $_ -match '^Describe' })
        Set-Content (Join-Path $file 'Topic.Tests.ps1') $topic
        $run = if ($Host.Name -eq 'EmuPS.Shell') {
            "`$result = Invoke-EmuTest '$file' -PassThru"
        }
        else {
            "Import-Module '$((Get-Module Pester | Select-Object -First 1).Path)'`n`$result = Invoke-Pester '$file' -PassThru"
        }

        $result = Invoke-AsTyped "$run`n""passed `$(`$result.PassedCount), failed `$(`$result.FailedCount)"""
        $result.Output | Should -Match 'passed 4, failed 0'
    }
}

Describe 'The policy example, copied' -Tag Unit {
    BeforeAll { . (Join-Path $PSScriptRoot 'HostProcess.ps1') }

    It 'runs in another folder where the module is loaded, and says what is missing where it is not' {
        $mine = Join-Path $TestDrive 'mine'
        $null = New-Item -ItemType Directory -Path $mine
        foreach ($name in 'MemoryPolicy.ps1', 'MemoryPolicy.Tests.ps1') { Copy-Item (Join-Path $PSScriptRoot "../../examples/policy/$name") $mine }
        $manifest = Join-Path $PSScriptRoot '../../EmuPS.psd1'
        $load, $test = if ($Host.Name -eq 'EmuPS.Shell') { '', 'Invoke-EmuTest' } else { "Import-Module '$((Get-Module Pester | Select-Object -First 1).Path)'", 'Invoke-Pester' }
        $with = Invoke-HostProcess '-Command', "$load; Import-Module '$manifest'; `$result = $test '$mine' -PassThru; ""failed `$(`$result.FailedCount), passed `$(`$result.PassedCount)"""
        $with.Output | Should -Match 'failed 0, passed 1\d'
        $without = Invoke-HostProcess '-Command', "$load; $test '$mine'"
        $without.Output + $without.Error | Should -Match "module 'EmuPS' was not loaded"
        $without.Output + $without.Error | Should -Not -Match 'Start-EmuVM'
    }
}
