# Every parameter of every cmdlet with every kind of value that it must not take. The tables say what is expected.

Describe 'Bad input' -Tag Unit {
    # Discovery: the data of the tests below.
    Import-Module (Join-Path $PSScriptRoot '../../../EmuPS.psd1')
    . (Join-Path $PSScriptRoot 'Kinds.ps1')
    $rows = @(
        . (Join-Path $PSScriptRoot 'TableMemory.ps1')
        . (Join-Path $PSScriptRoot 'TableVM.ps1')
    )
    $cmdlets = foreach ($group in $rows | Group-Object { $_.Cmdlet }) {
        @{ Cmdlet = $group.Name; Rows = @($group.Group | ForEach-Object { $_ + @{ Count = $_.Cases.Count } }) }
    }
    $all = @(@{ Rows = $rows })

    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot 'Call.ps1')
        $script:cache = $env:EMUPS_CACHE
        $env:EMUPS_CACHE = Join-Path $TestDrive 'cache'
        $script:runspace = New-BadRunspace
        $script:fixture = New-BadFixture (Join-Path $TestDrive 'files') $runspace
        $surface = [System.IO.File]::ReadAllLines((Join-Path $PSScriptRoot '../../../docs/surface.txt'))
        # EngineFault is the error that nobody foresaw, so no bad value may come to it.
        $script:knownIds = @($surface -match '^error ' -replace '^error ' -ne 'EngineFault') + 'Qmp.GenericError', 'Qmp.CommandNotFound', 'Qmp.DeviceNotFound'
    }

    AfterAll {
        Remove-BadFixture $fixture
        $runspace.Dispose()
        $env:EMUPS_CACHE = $cache
    }

    It 'has a row for each parameter of each cmdlet, and none for others' -ForEach $all {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        $are = foreach ($command in Get-Command -Module EmuPS) {
            foreach ($parameter in $command.Parameters.Values) {
                if ($parameter.Name -in $common) { continue }
                $type = $parameter.ParameterType
                $element = if ($type.IsArray) { $type.GetElementType() } else { $type }
                $plain = [System.Nullable]::GetUnderlyingType($element)
                $name = if (($plain ?? $element).IsEnum) { 'enum' } elseif ($plain) { "$($plain.Name)?" } else { $type.Name }
                "$($command.Name) -$($parameter.Name) $name"
            }
        }
        $have = foreach ($row in $Rows) {
            $row.Types | ForEach-Object { "$($row.Cmdlet) -$($row.Parameter) $_" } | Where-Object { $_ -in $are }
            if ($row.Cases.Count -eq 0) { throw "$($row.Cmdlet) -$($row.Parameter) has no values." }
        }
        $are | Where-Object { $_ -notin $have } | Should -BeNullOrEmpty -Because 'a row of a domain that fits the type belongs to it'
        $names = $are -replace ' \S+$'
        $Rows | ForEach-Object { "$($_.Cmdlet) -$($_.Parameter)" } | Where-Object { $_ -notin $names } | Should -BeNullOrEmpty -Because 'there is no such parameter'
    }

    Context '<Cmdlet>' -ForEach $cmdlets {
        It '-<Parameter>: <Count> bad values' -ForEach $Rows {
            $row = $_
            $problems = foreach ($case in $Cases) { Test-BadCall $fixture $row $case $knownIds }
            $problems -join "`n" | Should -BeNullOrEmpty
        }
    }
}
