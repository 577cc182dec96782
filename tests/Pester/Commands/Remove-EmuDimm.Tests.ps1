Describe 'Remove-EmuDimm' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    BeforeEach { Add-EmuDimm -Size 128MB -VM $vm -Id dimm1 -Wait -Timeout 30 -ErrorAction Stop }

    AfterEach {
        Set-EmuGuestPolicy -VM $vm -Unplug Accept
        Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -Timeout 30
        Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'an id'; Form = { Remove-EmuDimm dimm1 -VM $vm -Wait -PassThru -Timeout 30 } }
        @{ Name = 'a DIMM'; Form = { Remove-EmuDimm (Get-EmuDimm dimm1 -VM $vm) -Wait -PassThru -Timeout 30 } }
        @{ Name = 'a piped DIMM'; Form = { Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -PassThru -Timeout 30 } }
        @{ Name = 'a wildcard'; Form = { Remove-EmuDimm d* -VM $vm -Wait -PassThru -Timeout 30 } }
        @{ Name = 'a piped id'; Form = { 'dimm1' | Remove-EmuDimm -VM $vm -Wait -PassThru -Timeout 30 } }
        @{ Name = 'a row with DimmId and VMName'; Form = { [pscustomobject] @{ DimmId = 'dimm1'; VMName = $vm.Name } | Remove-EmuDimm -Wait -PassThru -Timeout 30 } }
        @{ Name = 'the VM by id'; Form = { Remove-EmuDimm dimm1 -VM $vm.Id -Wait -PassThru -Timeout 30 } }
    ) {
        $result = & $Form
        $result.Outcome | Should -Be Removed
        $result.DimmId | Should -Be 'dimm1'
        Get-EmuDimm -VM $vm | Should -BeNullOrEmpty
    }

    It 'takes a DIMM that went through a file' {
        $path = Join-Path $TestDrive 'dimm.xml'
        Get-EmuDimm dimm1 -VM $vm | Export-Clixml $path
        (Import-Clixml $path | Remove-EmuDimm -Wait -PassThru -Timeout 30).Outcome | Should -Be Removed
    }

    It 'emits nothing by default, and the DIMM with -PassThru' {
        Set-EmuGuestPolicy -VM $vm -Unplug Ignore
        Remove-EmuDimm dimm1 -VM $vm | Should -BeNullOrEmpty
        (Remove-EmuDimm dimm1 -VM $vm -PassThru).State | Should -Be UnplugPending
    }

    It 'raises DEVICE_DELETED' {
        $mark = $vm.LastEvent
        Remove-EmuDimm dimm1 -VM $vm
        (Wait-EmuEvent DEVICE_DELETED -VM $vm -After $mark -Timeout 30).Data['device'] | Should -Be 'dimm1'
    }

    It 'keeps the backend, and deletes it with -WithBackend' {
        Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30
        (Get-EmuMemoryBackend -VM $vm).BackendId | Should -Be 'mem-dimm1'
        Add-EmuDimm mem-dimm1 -VM $vm -Id dimm1 -Wait -Timeout 30
        Remove-EmuDimm dimm1 -VM $vm -WithBackend -Wait -Timeout 30
        Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
    }

    It 'reports GuestRefusedUnplug, and the data says so too' {
        Set-EmuGuestPolicy -VM $vm -Unplug Refuse
        $result = Remove-EmuDimm dimm1 -VM $vm -Wait -PassThru -Timeout 30 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -Be 'GuestRefusedUnplug,EmuPS.Commands.RemoveEmuDimmCommand'
        $problem[0].TargetObject.DimmId | Should -Be 'dimm1'
        $result.Outcome | Should -Be Refused
        $result.OstSource | Should -Be 3
        $result.OstStatus | Should -Be 0x82
        $result.GuestReason | Should -BeLike '*(0x82)*'
        (Get-EmuDimm dimm1 -VM $vm).State | Should -Be Accepted
    }

    It 'can be caught' {
        Set-EmuGuestPolicy -VM $vm -Unplug Refuse
        { Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId 'GuestRefusedUnplug,*'
    }

    It 'refuses for one DIMM and lets the other go' {
        Add-EmuDimm -Size 128MB -VM $vm -Id dimm2 -Wait -Timeout 30
        Set-EmuGuestPolicy -VM $vm -Unplug Refuse -Dimm dimm2
        $results = Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -PassThru -Timeout 30 -ErrorAction SilentlyContinue
        ($results | Where-Object DimmId -EQ dimm1).Outcome | Should -Be Removed
        ($results | Where-Object DimmId -EQ dimm2).Outcome | Should -Be Refused
        Set-EmuGuestPolicy -VM $vm -Unplug Accept -Dimm dimm2
    }

    It 'waits for a guest that takes its time' {
        Set-EmuGuestPolicy -VM $vm -Unplug Delay -Delay 0.05
        (Remove-EmuDimm dimm1 -VM $vm -Wait -PassThru -Timeout 30).Outcome | Should -Be Removed
    }

    It 'reports GuestAnswerTimeout, and the request stays' {
        Set-EmuGuestPolicy -VM $vm -Unplug Ignore
        $result = Remove-EmuDimm dimm1 -VM $vm -Wait -PassThru -Timeout 0.05 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -Be 'GuestAnswerTimeout,EmuPS.Commands.RemoveEmuDimmCommand'
        $result.Outcome | Should -Be Pending
        (Get-EmuDimm dimm1 -VM $vm).State | Should -Be UnplugPending
    }

    It 'does nothing with -WhatIf' {
        Remove-EmuDimm dimm1 -VM $vm -Wait -WhatIf
        (Get-EmuDimm dimm1 -VM $vm).State | Should -Be Accepted
    }

    It 'reports DimmNotFound in QEMU''s words' {
        { Remove-EmuDimm none -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'DimmNotFound,EmuPS.Commands.RemoveEmuDimmCommand' -ExpectedMessage "Device 'none' not found*"
    }

    It 'does not take a VM for a DIMM' {
        { $vm | Remove-EmuDimm -ErrorAction Stop } | Should -Throw
        Get-EmuDimm -VM $vm | Should -HaveCount 1
    }

    It 'reports DimmOfAnotherVM' {
        $other = New-TestVM
        { Get-EmuDimm dimm1 -VM $vm | Remove-EmuDimm -VM $other -ErrorAction Stop } | Should -Throw -ErrorId 'DimmOfAnotherVM,*'
        Remove-TestVM $other
    }
}
