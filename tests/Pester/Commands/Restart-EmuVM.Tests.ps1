Describe 'Restart-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'resets and waits for the guest; DIMMs stay' {
        Add-EmuDimm -Size 128MB -VM $vm -Id stays -Wait -Timeout 30 -ErrorAction Stop
        $mark = $vm.LastEvent
        Restart-EmuVM $vm -Wait -Timeout 30 -ErrorAction Stop
        (Get-EmuEvent RESET -VM $vm -After $mark) | Should -HaveCount 1
        @(Get-EmuConsole -VM $vm -Pattern '^EMUPS-READY$') | Should -HaveCount 2
        (Get-EmuDimm -VM $vm).DimmId | Should -Be 'stays'
    }

    It 'emits with -PassThru' { $vm.Name | Restart-EmuVM -PassThru -Wait -Timeout 30 | Should -Be $vm }

    It 'does nothing with -WhatIf' {
        $mark = $vm.LastEvent
        Restart-EmuVM $vm -WhatIf
        $vm.LastEvent | Should -Be $mark
    }

    It 'reports VMNotRunning' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Restart-EmuVM $other -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotRunning,*'
        Remove-TestVM $other
    }
}
