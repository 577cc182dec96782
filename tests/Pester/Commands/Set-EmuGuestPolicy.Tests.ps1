Describe 'Set-EmuGuestPolicy' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'sets the simulated guest''s answers' {
        $policy = $vm | Set-EmuGuestPolicy -Unplug Delay -Plug Refuse -Delay 0.2 -PassThru
        $policy.Unplug | Should -Be Delay
        $policy.Plug | Should -Be Refuse
        $policy.Delay.TotalMilliseconds | Should -Be 200
        (Get-EmuGuestPolicy -VM $vm).Unplug | Should -Be Delay
    }

    It 'emits nothing without -PassThru' { Set-EmuGuestPolicy -VM $vm -Unplug Accept | Should -BeNullOrEmpty }
    It 'does nothing with -WhatIf' {
        Set-EmuGuestPolicy -VM $vm -Unplug Accept
        Set-EmuGuestPolicy -VM $vm -Unplug Refuse -WhatIf
        (Get-EmuGuestPolicy -VM $vm).Unplug | Should -Be Accept
    }

    It 'reports GuestIsSimulated and DimmNotFound' {
        { Set-EmuGuestPolicy -VM $vm -Online Movable -ErrorAction Stop } | Should -Throw -ErrorId 'GuestIsSimulated,*'
        { Set-EmuGuestPolicy -VM $vm -Unplug Refuse -Dimm none -ErrorAction Stop } | Should -Throw -ErrorId 'DimmNotFound,*'
    }
}
