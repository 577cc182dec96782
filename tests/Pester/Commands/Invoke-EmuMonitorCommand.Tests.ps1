Describe 'Invoke-EmuMonitorCommand' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'returns lines' { (Invoke-EmuMonitorCommand 'info status' -VM $vm) | Should -BeLike 'VM status: running*' }
    It 'takes lines from the pipeline' {
        'object_add memory-backend-ram,id=mem1,size=128M', 'device_add pc-dimm,id=dimm1,memdev=mem1' | Invoke-EmuMonitorCommand -VM $vm
        (Get-EmuDimm dimm1 -VM $vm).BackendId | Should -Be 'mem1'
        Invoke-EmuMonitorCommand 'info memory-devices' -VM $vm | Should -Contain '  memdev: /objects/mem1'
    }

    It 'does nothing with -WhatIf' {
        Invoke-EmuMonitorCommand 'stop' -VM $vm -WhatIf
        $vm.State | Should -Be Running
    }

    It 'says in text what went wrong' { (Invoke-EmuMonitorCommand 'device_del none' -VM $vm) -join "`n" | Should -Match "Device 'none' not found" }
}
