Describe 'Wait-EmuDimm' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    BeforeEach { Add-EmuDimm -Size 128MB -VM $vm -Id dimm1 }

    AfterEach {
        Set-EmuGuestPolicy -VM $vm -Unplug Accept -Plug Accept
        Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -Timeout 30
        Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend
    }

    It 'waits for <_>' -ForEach Accepted, Settled, Online {
        $result = Wait-EmuDimm dimm1 -VM $vm -For $_ -PassThru -Timeout 30 -ErrorAction Stop
        $result.DimmId | Should -Be 'dimm1'
        $result.Outcome | Should -Be Accepted
    }

    It 'waits for the removal' {
        Remove-EmuDimm dimm1 -VM $vm
        (Get-EmuDimm dimm1 -VM $vm -ErrorAction SilentlyContinue) | Wait-EmuDimm -For Removed -Timeout 30 -ErrorAction Stop
        Get-EmuDimm dimm1* -VM $vm | Should -BeNullOrEmpty
    }

    It 'is content when the DIMM is gone already' {
        $dimm = Get-EmuDimm dimm1 -VM $vm
        Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30
        (Wait-EmuDimm dimm1 -VM $vm -For Removed -PassThru -Timeout 30 -ErrorAction Stop).Outcome | Should -Be Removed
        ($dimm | Wait-EmuDimm -For Removed -PassThru -Timeout 30 -ErrorAction Stop).Outcome | Should -Be Removed
    }

    It 'reports a refused removal' {
        Wait-EmuDimm dimm1 -VM $vm -For Accepted -Timeout 30
        Set-EmuGuestPolicy -VM $vm -Unplug Refuse
        Remove-EmuDimm dimm1 -VM $vm
        { Wait-EmuDimm dimm1 -VM $vm -For Removed -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId 'GuestRefusedUnplug,EmuPS.Commands.WaitEmuDimmCommand'
    }

    It 'reports GuestAnswerTimeout' {
        { Wait-EmuDimm dimm1 -VM $vm -For Removed -Timeout 0.05 -ErrorAction Stop } | Should -Throw -ErrorId 'GuestAnswerTimeout,*'
    }

    It 'reports DimmNotFound' { { Wait-EmuDimm none -VM $vm -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'DimmNotFound,*' }
}
