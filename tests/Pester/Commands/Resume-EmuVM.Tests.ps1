Describe 'Resume-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    BeforeEach { Suspend-EmuVM $vm }

    It 'lets the VM go on' {
        Resume-EmuVM $vm
        $vm.State | Should -Be Running
        Add-EmuDimm -Size 2MB -VM $vm -Wait -Timeout 30 -ErrorAction Stop
    }

    It 'takes VMs from the pipeline' {
        $vm | Resume-EmuVM -PassThru | Should -Be $vm
        $vm.State | Should -Be Running
    }

    It 'does nothing with -WhatIf' {
        Resume-EmuVM $vm -WhatIf
        $vm.State | Should -Be Paused
    }

    It 'reports VMNotRunning' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Resume-EmuVM $other -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotRunning,*'
        Remove-TestVM $other
    }
}
