Describe 'Suspend-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    AfterEach { Resume-EmuVM $vm }

    It 'makes the VM stand still' {
        Suspend-EmuVM $vm
        $vm.State | Should -Be Paused
        $before = $vm.InstructionsRetired
        $vm.InstructionsRetired | Should -Be $before
    }

    It 'takes name and pipeline, and emits with -PassThru' {
        $vm | Suspend-EmuVM -PassThru | Should -Be $vm
        Suspend-EmuVM $vm.Name | Should -BeNullOrEmpty
    }

    It 'queues a removal until the VM goes on' {
        Add-EmuDimm -Size 128MB -VM $vm -Id paused1 -Wait -Timeout 30
        Suspend-EmuVM $vm
        Remove-EmuDimm paused1 -VM $vm
        { Wait-EmuDimm paused1 -VM $vm -For Removed -Timeout 0.05 -ErrorAction Stop } | Should -Throw -ErrorId 'GuestAnswerTimeout,*'
        Resume-EmuVM $vm
        Wait-EmuDimm paused1 -VM $vm -For Removed -Timeout 30 -ErrorAction Stop
    }

    It 'does nothing with -WhatIf' {
        Suspend-EmuVM $vm -WhatIf
        $vm.State | Should -Be Running
    }

    It 'reports VMNotRunning' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Suspend-EmuVM $other -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotRunning,*'
        Remove-TestVM $other
    }
}
