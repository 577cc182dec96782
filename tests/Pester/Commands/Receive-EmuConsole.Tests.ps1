Describe 'Receive-EmuConsole' -Tag Unit {
    BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') }

    BeforeEach { $script:vm = New-TestVM }

    AfterEach { Remove-TestVM $vm }

    It 'reads what is new' {
        Receive-EmuConsole -VM $vm | Should -Be 'EMUPS-READY'
        Receive-EmuConsole -VM $vm | Should -BeNullOrEmpty
    }

    It 'leaves it unread with -Keep' {
        Receive-EmuConsole -VM $vm -Keep | Should -Be 'EMUPS-READY'
        Receive-EmuConsole -VM $vm | Should -Be 'EMUPS-READY'
    }

    It 'waits for a pattern, even within a line' {
        Receive-EmuConsole -VM $vm -Wait -Pattern 'EMUPS-' -Timeout 30 | Should -Be 'EMUPS-'
        Receive-EmuConsole -VM $vm -Wait -Timeout 30 | Should -Be 'READY'
    }

    It 'waits for what comes' {
        $null = Receive-EmuConsole -VM $vm
        Add-EmuDimm -Size 2MB -VM $vm
        Receive-EmuConsole -VM $vm -Wait -Pattern 'accepted' -Timeout 30 | Should -Be 'slot 00 insertion accepted'
    }

    It 'reads raw' { Receive-EmuConsole -VM $vm -Raw | Should -Be "EMUPS-READY`r`n" }
    It 'reports ConsoleTimeout' { { Receive-EmuConsole -VM $vm -Wait -Pattern 'never' -Timeout 0.05 -ErrorAction Stop } | Should -Throw -ErrorId 'ConsoleTimeout,*' }
    It 'reports VMEnded' {
        Stop-EmuVM $vm -TurnOff
        { Receive-EmuConsole -VM $vm -Wait -Pattern 'never' -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId 'VMEnded,*'
    }
}
