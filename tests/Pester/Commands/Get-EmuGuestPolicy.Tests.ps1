Describe 'Get-EmuGuestPolicy' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM -With @{ UnplugPolicy = 'Refuse' }
        Add-EmuDimm -Size 2MB -VM $vm -Id dimm1 -Wait -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'shows what the VM was started with' { (Get-EmuGuestPolicy -VM $vm).Unplug | Should -Be Refuse }
    It 'shows a DIMM''s own' {
        Set-EmuGuestPolicy -VM $vm -Unplug Ignore -Dimm dimm1
        ($vm | Get-EmuGuestPolicy -Dimm dimm1).Unplug | Should -Be Ignore
        ($vm | Get-EmuGuestPolicy -Dimm dimm1).Plug | Should -Be Accept
        (Get-EmuGuestPolicy -VM $vm).Unplug | Should -Be Refuse
    }
}
