Describe 'Get-EmuDimmSlot' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM -Slots 4
        Add-EmuDimm -Size 128MB -VM $vm -Id dimm1 -Slot 1 -Wait -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'lists all slots' { (Get-EmuDimmSlot -VM $vm).Slot | Should -Be 0, 1, 2, 3 }
    It 'says what is in a slot' {
        $slot = Get-EmuDimmSlot 1 -VM $vm
        $slot.DimmId | Should -Be 'dimm1'
        $slot.State | Should -Be Accepted
        $slot.OstSource | Should -Be 1
    }

    It 'counts free slots' { (Get-EmuDimmSlot -VM $vm -Free).Count | Should -Be 3 }
    It 'takes VMs from the pipeline' { @($vm | Get-EmuDimmSlot) | Should -HaveCount 4 }
    It 'reports SlotNotFound' { { Get-EmuDimmSlot 4 -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'SlotNotFound,*' }
    It 'shows the guest''s last answer' { Get-EmuDimmSlot -VM $vm | Out-String | Should -Match '1 dimm1 +Accepted +0x1: 0x00' }
}
