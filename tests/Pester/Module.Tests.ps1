Describe 'The module' -Tag Unit {
    # Discovery: the data of the tests below.
    Import-Module (Join-Path $PSScriptRoot '../../EmuPS.psd1')
    $commands = foreach ($command in Get-Command -Module EmuPS) {
        @{
            Name       = $command.Name
            Verb       = $command.Verb
            Noun       = $command.Noun
            Type       = $command.ImplementingType
            OutputType = $command.OutputType
            Parameters = $command.Parameters
        }
    }

    BeforeAll {
        . (Join-Path $PSScriptRoot 'common.ps1')
        $script:manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../EmuPS.psd1')
    }

    It 'exports the cmdlets that the assembly has, by name' {
        $have = [EmuPS.Commands.EmuCmdlet].Assembly.GetExportedTypes() |
            ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
            ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
        $manifest.CmdletsToExport | Sort-Object | Should -Be ($have | Sort-Object)
    }

    It 'exports nothing else' {
        $manifest.FunctionsToExport | Should -BeNullOrEmpty
        $manifest.AliasesToExport | Should -BeNullOrEmpty
        $manifest.VariablesToExport | Should -BeNullOrEmpty
    }

    It 'gives parameters of one name one type, but for those that mean another thing' {
        $types = @{}
        foreach ($command in Get-Command -Module EmuPS) {
            foreach ($parameter in $command.Parameters.Values) {
                # One where something is made or plugged, several where it is looked for; a kernel's command line is not a monitor's.
                if ($parameter.Name -in 'Id', 'Name', 'Slot', 'State', 'Dimm', 'Guest', 'Path', 'Address', 'CommandLine', 'For', 'After') { continue }
                if (-not $types.ContainsKey($parameter.Name)) { $types[$parameter.Name] = $parameter.ParameterType }
                "$($parameter.Name): $($parameter.ParameterType)" | Should -Be "$($parameter.Name): $($types[$parameter.Name])" -Because $command.Name
            }
        }
    }

    Context '<Name>' -ForEach $commands {
        It 'uses an approved verb and the prefix' {
            $approved = foreach ($group in 'Common', 'Communications', 'Data', 'Diagnostic', 'Lifecycle', 'Security', 'Other') {
                ([type] "System.Management.Automation.Verbs$group").GetFields().Name
            }
            $approved | Should -Contain $Verb
            $Noun | Should -Match '^Emu[A-Z]'
            $Noun | Should -Not -Match 's$'
        }

        It 'says what it emits' { $OutputType | Should -Not -BeNullOrEmpty }
        It 'supports -WhatIf where it changes something' {
            if ($Verb -in 'Add', 'New', 'Remove', 'Set', 'Start', 'Stop', 'Restart', 'Suspend', 'Resume', 'Invoke', 'Copy') {
                $Parameters.Keys | Should -Contain 'WhatIf'
            }
            else {
                $Parameters.Keys | Should -Not -Contain 'WhatIf'
            }
        }

        It 'has its class in EmuPS.Commands' { $Type.FullName | Should -Be "EmuPS.Commands.$Verb$($Noun)Command" }
        It 'has a test file' { Join-Path $PSScriptRoot "Commands/$Name.Tests.ps1" | Should -Exist }
        It 'takes a time in seconds where it waits' {
            if ($Parameters.ContainsKey('Timeout')) {
                $Parameters['Timeout'].ParameterType | Should -Be ([double])
                $Parameters['Timeout'].Aliases | Should -Contain 'TimeoutSec'
            }
        }

        It 'never binds a new id or name from the pipeline by property' {
            if ($Verb -in 'Add', 'New', 'Start') {
                foreach ($key in 'Id', 'Name') {
                    if ($Parameters.ContainsKey($key)) {
                        $Parameters[$key].Attributes.ValueFromPipelineByPropertyName | Should -Not -Contain $true
                    }
                }
            }
        }
    }

    It 'is seen by every runspace of the process' {
        $vm = New-TestVM
        $manifestPath = Join-Path $PSScriptRoot '../../EmuPS.psd1'
        $seen = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:manifestPath
            (Get-EmuVM ($using:vm).Name).Id
        }
        $seen | Should -Be $vm.Id, $vm.Id
        Remove-TestVM $vm
    }
}
