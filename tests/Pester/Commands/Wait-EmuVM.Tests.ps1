Describe 'Wait-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'returns at once when the goal is reached' {
        $vm | Wait-EmuVM -For GuestReady -Timeout 30 -PassThru | Should -Be $vm
        Wait-EmuVM $vm -For Running -Timeout 30 | Should -BeNullOrEmpty
    }

    It 'waits for the end' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        Wait-EmuVM $other -For Stopped -Timeout 30
        Remove-TestVM $other
    }

    It 'reports VMWaitTimeout' {
        { Wait-EmuVM $vm -For Paused -Timeout 0.05 -ErrorAction Stop } | Should -Throw -ErrorId 'VMWaitTimeout,*'
    }

    It 'reports VMEnded when the goal cannot be reached any more' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Wait-EmuVM $other -For GuestReady -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId 'VMEnded,*'
        { Wait-EmuVM $other -For Running -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId '*,EmuPS.Commands.WaitEmuVMCommand'
        Remove-TestVM $other
    }
}
