Describe 'Get-EmuDimm' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
        $script:other = New-TestVM
        Add-EmuDimm -Size 128MB -VM $vm -Id dimm1 -Wait -Timeout 30
        Add-EmuDimm -Size 256MB -VM $vm -Id dimm2 -Slot 5 -Wait -Timeout 30
        Add-EmuDimm -Size 128MB -VM $other -Id dimm1 -Wait -Timeout 30
    }

    AfterAll {
        Remove-TestVM $vm
        Remove-TestVM $other
    }

    It 'lists those of a VM by slot' { (Get-EmuDimm -VM $vm).DimmId | Should -Be 'dimm1', 'dimm2' }
    It 'finds by id and wildcard' {
        (Get-EmuDimm dimm2 -VM $vm).Slot | Should -Be 5
        @(Get-EmuDimm dimm* -VM $vm) | Should -HaveCount 2
    }

    It 'takes VMs and ids from the pipeline' {
        ($vm, $other | Get-EmuDimm dimm1).VMName | Should -Be $vm.Name, $other.Name
        ('dimm2' | Get-EmuDimm -VM $vm).SizeBytes | Should -Be 256MB
    }

    It 'takes a DIMM, to look again' { (Get-EmuDimm dimm2 -VM $vm | Get-EmuDimm).DimmId | Should -Be 'dimm2' }
    It 'lists those of all VMs without -VM' { (Get-EmuDimm dimm1).VMName | Should -Contain $other.Name }
    It 'filters by slot, state and size' {
        (Get-EmuDimm -VM $vm -Slot 5).DimmId | Should -Be 'dimm2'
        @(Get-EmuDimm -VM $vm -State Accepted) | Should -HaveCount 2
        Get-EmuDimm -VM $vm -State Rejected | Should -BeNullOrEmpty
        (Get-EmuDimm -VM $vm | Where-Object SizeBytes -GE 256MB).DimmId | Should -Be 'dimm2'
    }

    It 'is a snapshot, equal to another of the same DIMM' { (Get-EmuDimm dimm1 -VM $vm) -eq (Get-EmuDimm dimm1 -VM $vm) | Should -BeTrue }
    It 'reports DimmNotFound' { { Get-EmuDimm none -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'DimmNotFound,EmuPS.Commands.GetEmuDimmCommand' }
    It 'is silent when a wildcard finds nothing' { Get-EmuDimm none* -VM $vm | Should -BeNullOrEmpty }
    It 'shows a table grouped by VM, with the address' {
        $text = Get-EmuDimm -VM $vm | Out-String
        $text | Should -Match "VM: $($vm.Name)"
        $text | Should -Match 'dimm1 +0 0x000100000000 +128 +0 Accepted +mem-dimm1'
    }

    It 'completes ids of that VM' { (Get-Completion "Get-EmuDimm -VM $($vm.Name) -Dimm dimm").CompletionText | Should -Be 'dimm1', 'dimm2' }
}
