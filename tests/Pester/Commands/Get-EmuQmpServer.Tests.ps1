Describe 'Get-EmuQmpServer' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM -With @{ QmpPort = 0 }
    }

    AfterAll { Remove-TestVM $vm }

    It 'lists what Start-EmuVM opened' {
        $server = $vm | Get-EmuQmpServer
        $server.Port | Should -BeGreaterThan 0
        $server.Clients | Should -Be 0
        $server.VMName | Should -Be $vm.Name
    }

    It 'lists nothing when the VM has ended' {
        $other = New-TestVM -With @{ QmpPort = 0 }
        Stop-EmuVM $other -TurnOff
        Remove-TestVM $other
        Get-EmuQmpServer | Where-Object VMName -EQ $other.Name | Should -BeNullOrEmpty
    }
}
