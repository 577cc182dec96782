Describe 'Wait-EmuEvent' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'finds one that came before the wait, with -After' {
        $mark = $vm.LastEvent
        Add-EmuDimm -Size 2MB -VM $vm -Id dimm1 -Wait -Timeout 30
        $happened = Wait-EmuEvent *OST* -VM $vm -After $mark -Timeout 30
        $happened.Name | Should -Be 'ACPI_DEVICE_OST'
        $happened.VMName | Should -Be $vm.Name
    }

    It 'filters' {
        (Wait-EmuEvent ACPI* -VM $vm -After 0 -Filter { $_.Data['info']['device'] -eq 'dimm1' } -Timeout 30).Name | Should -Be 'ACPI_DEVICE_OST'
    }

    It 'reports EventTimeout' { { Wait-EmuEvent DEVICE_DELETED -VM $vm -Timeout 0.05 -ErrorAction Stop } | Should -Throw -ErrorId 'EventTimeout,*' }
    It 'reports MachineEnded' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Wait-EmuEvent DEVICE_DELETED -VM $other -After 0 -Timeout 30 -ErrorAction Stop } | Should -Throw -ErrorId 'MachineEnded,*'
        Remove-TestVM $other
    }
}
