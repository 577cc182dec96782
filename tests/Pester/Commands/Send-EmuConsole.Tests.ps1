Describe 'Send-EmuConsole' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'takes text, keys and bytes, which the simulated guest does not read' {
        Send-EmuConsole 'dmesg -w' -VM $vm -ErrorAction Stop
        'one', 'two' | Send-EmuConsole -VM $vm -NoNewline -ErrorAction Stop
        Send-EmuConsole -Key CtrlC, Enter -VM $vm -ErrorAction Stop
        Send-EmuConsole -Byte 0, 255 -VM $vm -ErrorAction Stop
        $vm.State | Should -Be Running
    }

    It 'reports VMNotRunning' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Send-EmuConsole hello -VM $other -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotRunning,*'
        Remove-TestVM $other
    }
}
