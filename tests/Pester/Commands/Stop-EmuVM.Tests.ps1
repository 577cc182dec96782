Describe 'Stop-EmuVM' -Tag Unit {
    BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') }

    BeforeEach { $script:vm = New-TestVM }

    AfterEach { Remove-TestVM $vm }

    It 'presses the power button and waits' {
        Stop-EmuVM $vm -Timeout 30
        $vm.State | Should -Be Stopped
        $vm.ExitReason | Should -Be 'guest-shutdown'
        (Get-EmuEvent -VM $vm).Name | Should -Contain 'POWERDOWN'
    }

    It 'shuts down a guest that has not booted yet' {
        $early = Start-EmuVM -Guest Simulated -Memory 64MB -Suspended
        try {
            Stop-EmuVM $early -Timeout 30 -ErrorAction Stop
            $early.ExitReason | Should -Be 'guest-shutdown'
        }
        finally {
            Remove-TestVM $early
        }
    }

    It 'cuts the power with -TurnOff' {
        $vm.Name | Stop-EmuVM -TurnOff -PassThru | Should -Be $vm
        $vm.State | Should -Be Stopped
        $vm.ExitReason | Should -Be 'host-qmp-quit'
    }

    It 'stops a suspended VM' {
        Suspend-EmuVM $vm
        Stop-EmuVM $vm -Timeout 30
        $vm.State | Should -Be Stopped
    }

    It 'keeps console and events of a stopped VM' {
        Stop-EmuVM $vm -TurnOff
        Get-EmuConsole -VM $vm | Should -Contain 'EMUPS-READY'
        (Get-EmuEvent -VM $vm -Last 1).Name | Should -Be 'SHUTDOWN'
    }

    It 'is content with a stopped VM' {
        Stop-EmuVM $vm -TurnOff
        Stop-EmuVM $vm -ErrorAction Stop
    }

    It 'does nothing with -WhatIf' {
        Stop-EmuVM $vm -TurnOff -WhatIf
        $vm.State | Should -Be Running
    }

    It 'needs a target' { (Get-Command Stop-EmuVM).Parameters['VM'].Attributes.Mandatory | Should -Contain $true }

    It 'reports VMNotFound' { { Stop-EmuVM no-such-vm -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotFound,EmuPS.Commands.StopEmuVMCommand' }
}
