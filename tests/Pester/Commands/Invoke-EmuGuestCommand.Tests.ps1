Describe 'Invoke-EmuGuestCommand' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'reports GuestHasNoAgent for the simulated guest' { { Invoke-EmuGuestCommand 'uname -r' -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'GuestHasNoAgent,*' }
    It 'takes the command, not a VM, at position 0' { (Get-Command Invoke-EmuGuestCommand).Parameters['VM'].ParameterSets.Values.Position | Should -Not -Contain 0 }
}
