Describe 'Remove-EmuVM' -Tag Unit {
    BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') }

    BeforeEach { $script:vm = New-TestVM }

    AfterEach { Remove-TestVM $vm }

    It 'forgets a stopped VM' {
        Stop-EmuVM $vm -TurnOff
        Remove-EmuVM $vm
        Get-EmuVM "$($vm.Name)*" | Should -BeNullOrEmpty
    }

    It 'takes VMs from the pipeline' {
        Stop-EmuVM $vm -TurnOff
        Get-EmuVM $vm.Name -State Stopped | Remove-EmuVM
        Get-EmuVM "$($vm.Name)*" | Should -BeNullOrEmpty
    }

    It 'stops a running one with -Force' {
        Remove-EmuVM $vm.Id -Force
        $vm.State | Should -Be Stopped
        Get-EmuVM "$($vm.Name)*" | Should -BeNullOrEmpty
    }

    It 'reports VMStillRunning' {
        { Remove-EmuVM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'VMStillRunning,*'
        $vm.State | Should -Be Running
    }

    It 'does nothing with -WhatIf' {
        Remove-EmuVM $vm -Force -WhatIf
        $vm.State | Should -Be Running
    }
}
