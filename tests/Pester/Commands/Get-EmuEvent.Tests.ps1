Describe 'Get-EmuEvent' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
        Add-EmuDimm -Size 2MB -VM $vm -Id dimm1 -Wait -Timeout 30
        Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30
        $null = Wait-EmuEvent ACPI_DEVICE_OST -VM $vm -After 0 -Filter { $_.Data['info']['source'] -eq 3 -and $_.Data['info']['status'] -eq 0 } -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'lists what happened, in order' {
        (Get-EmuEvent ACPI_DEVICE_OST, DEVICE_DELETED -VM $vm).Name | Should -Be 'ACPI_DEVICE_OST', 'ACPI_DEVICE_OST', 'DEVICE_DELETED', 'ACPI_DEVICE_OST'
        (Get-EmuEvent -VM $vm).Sequence[0] | Should -Be 1
    }

    It 'filters by wildcard, number and sequence' {
        @(Get-EmuEvent *OST* -VM $vm -Last 2) | Should -HaveCount 2
        $vm | Get-EmuEvent -After $vm.LastEvent | Should -BeNullOrEmpty
    }

    It 'carries QEMU''s data' {
        $info = (Get-EmuEvent *OST* -VM $vm)[0].Data['info']
        $info['device'] | Should -Be 'dimm1'
        $info['source'] | Should -Be 1
        $info['slot-type'] | Should -Be 'DIMM'
    }

    It 'shows the data in the table' { Get-EmuEvent DEVICE_DELETED -VM $vm | Out-String | Should -Match 'DEVICE_DELETED.*dimm1' }
    It 'follows until the end with -Wait' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        (Get-EmuEvent -VM $other -Wait).Name | Should -Contain 'SHUTDOWN'
        Remove-TestVM $other
    }

    It 'raises .NET events' {
        Register-ObjectEvent $vm EventRaised -SourceIdentifier "emups$($vm.Id)"
        $null = New-EmuMemoryBackend mem9 2MB -VM $vm | Add-EmuDimm -Wait -Timeout 30
        $raised = Wait-Event -SourceIdentifier "emups$($vm.Id)" -Timeout 30
        $raised.SourceEventArgs.Event.Name | Should -Be 'ACPI_DEVICE_OST'
        Unregister-Event -SourceIdentifier "emups$($vm.Id)"
        Remove-Event -SourceIdentifier "emups$($vm.Id)"
    }
}
