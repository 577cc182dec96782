Describe 'The example' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'HostProcess.ps1')

        # Each runs as its user runs it: as a script, in a process of its own.
        function Invoke-Example([string] $Name, [string[]] $Arguments = @()) {
            Invoke-HostProcess (@('-File', (Join-Path $PSScriptRoot "../../examples/$Name.ps1")) + $Arguments)
        }
    }

    It '<Name> <Arguments> ends with: <Says>' -Tag Unit -ForEach @(
        @{ Name = 'hotplug'; Arguments = '-Guest', 'Simulated'; Says = 'All figures are right.' }
        @{ Name = 'walkthrough'; Arguments = @(); Says = 'The walk-through is through.' }
        @{ Name = 'matrix'; Arguments = @(); Says = '27 cases, 0 not as expected.' }
        @{ Name = 'qmp-client'; Arguments = @(); Says = 'Added, answered, removed: all from outside.' }
        @{ Name = 'many-machines'; Arguments = '-Count', '2'; Says = '8 DIMMs in 2 processes, 0 not removed.' }
    ) {
        $result = Invoke-Example $Name $Arguments
        $result.Error | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        $result.Output.TrimEnd() -split "`n" | Select-Object -Last 1 | Should -Be $Says
    }

    It 'autogrow ends with a guest that grew and shrank' -Tag Guest {
        $result = Invoke-Example autogrow
        $result.Error | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0 -Because $result.Output
        $result.Output | Should -Match 'added dimm1'
        $result.Output | Should -Match 'gave everything back'
    }

    It 'has its test here' -Tag Unit {
        $tested = 'hotplug', 'walkthrough', 'matrix', 'qmp-client', 'many-machines', 'autogrow'
        (Get-ChildItem (Join-Path $PSScriptRoot '../../examples') -Filter *.ps1).BaseName | Sort-Object | Should -Be ($tested | Sort-Object)
    }
}
