Describe 'Invoke-EmuQmpCommand' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'returns objects' {
        (Invoke-EmuQmpCommand query-status -VM $vm).status | Should -Be 'running'
        ($vm | Invoke-EmuQmpCommand query-memory-size-summary).'base-memory' | Should -Be 64MB
    }

    It 'returns JSON' { Invoke-EmuQmpCommand query-memory-size-summary -VM $vm -Json | Should -Be '{"base-memory": 67108864, "plugged-memory": 0}' }

    It 'does what the cmdlets do' {
        Invoke-EmuQmpCommand object-add @{ 'qom-type' = 'memory-backend-ram'; id = 'mem1'; size = 128MB } -VM $vm | Should -BeNullOrEmpty
        Invoke-EmuQmpCommand device_add @{ driver = 'pc-dimm'; id = 'dimm1'; memdev = 'mem1' } -VM $vm
        (Get-EmuDimm dimm1 -VM $vm).SizeBytes | Should -Be 128MB
        Wait-EmuDimm dimm1 -VM $vm -For Accepted -Timeout 30
        (Invoke-EmuQmpCommand query-memory-devices -VM $vm).data.id | Should -Be 'dimm1'
        Invoke-EmuQmpCommand device_del @{ id = 'dimm1' } -VM $vm
        Wait-EmuDimm dimm1 -VM $vm -For Removed -Timeout 30 -ErrorAction Stop
    }

    It 'does nothing with -WhatIf' {
        Invoke-EmuQmpCommand stop -VM $vm -WhatIf
        $vm.State | Should -Be Running
    }

    It 'reports the class as the id' {
        { Invoke-EmuQmpCommand no-such-command -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'Qmp.CommandNotFound,*' -ExpectedMessage 'The command no-such-command has not been found*'
        { Invoke-EmuQmpCommand device_del @{ id = 'none' } -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'Qmp.DeviceNotFound,*'
        { Invoke-EmuQmpCommand object-del @{ id = 'none' } -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'Qmp.GenericError,*'
    }

    It 'completes commands' { (Get-Completion "Invoke-EmuQmpCommand -VM $($vm.Name) -Command query-mem").CompletionText | Should -Contain 'query-memory-devices' }
}
