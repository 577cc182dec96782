Describe 'Stop-EmuQmpServer' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'stops the one that is piped' {
        $one = Start-EmuQmpServer -Port 0 -VM $vm
        $two = Start-EmuQmpServer -Port 0 -VM $vm
        $one | Stop-EmuQmpServer
        (Get-EmuQmpServer -VM $vm).Port | Should -Be $two.Port
        Stop-EmuQmpServer -VM $vm
        Get-EmuQmpServer -VM $vm | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        $null = Start-EmuQmpServer -Port 0 -VM $vm
        Stop-EmuQmpServer -VM $vm -WhatIf
        Get-EmuQmpServer -VM $vm | Should -HaveCount 1
        Stop-EmuQmpServer -VM $vm
    }

    It 'reports QmpServerNotFound' { { Stop-EmuQmpServer -Port 1 -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'QmpServerNotFound,*' }
}
