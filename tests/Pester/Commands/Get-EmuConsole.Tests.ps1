Describe 'Get-EmuConsole' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
        1..3 | ForEach-Object { Add-EmuDimm -Size 2MB -VM $vm -Wait -Timeout 30 }
        $null = Receive-EmuConsole -VM $vm -Wait -Pattern 'slot 02 insertion accepted' -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'shows lines' {
        (Get-EmuConsole -VM $vm)[0] | Should -Be 'EMUPS-READY'
        @($vm | Get-EmuConsole).Count | Should -BeGreaterOrEqual 4
    }

    It 'filters' { Get-EmuConsole -VM $vm -Pattern 'SLOT 01' | Should -Be 'slot 01 insertion accepted' }
    It 'shows the last lines' { Get-EmuConsole -VM $vm -Tail 1 | Should -Be 'slot 02 insertion accepted' }
    It 'shows it raw' { Get-EmuConsole -VM $vm -Raw | Should -BeLike "EMUPS-READY`r`n*" }
    It 'follows until the end with -Wait' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        Get-EmuConsole -VM $other -Wait | Should -Contain 'EMUPS-READY'
        Remove-TestVM $other
    }

    It 'reports InvalidPattern' { { Get-EmuConsole -VM $vm -Pattern '[' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPattern,*' }
}
