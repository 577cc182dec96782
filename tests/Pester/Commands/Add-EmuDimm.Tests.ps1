Describe 'Add-EmuDimm' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    AfterEach {
        Set-EmuGuestPolicy -VM $vm -Plug Accept -Unplug Accept
        Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -Timeout 30
        Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend
    }

    It 'warns of a size that Linux does not take, and only the cmdlet that asks for it' {
        # Any kernel will do: it is never run. This one is a Multiboot header and a halt.
        $kernel = Join-Path $TestDrive 'halt.elf'
        $body = [Convert]::FromHexString('02b0ad1b00000000fe4f52e4' + 'f4ebfd')
        $image = [byte[]]::new(0x1000 + $body.Length)
        [Convert]::FromHexString('7f454c46010101000000000000000000' + '0200030001000000' + '0c001000' + '34000000' + '00000000' + '00000000' + '340020000100000000000000').CopyTo($image, 0)
        [Convert]::FromHexString('01000000' + '00100000' + '00001000' + '00001000' + '0f000000' + '0f000000' + '07000000' + '00100000').CopyTo($image, 52)
        $body.CopyTo($image, 0x1000)
        [System.IO.File]::WriteAllBytes($kernel, $image)
        $real = Start-EmuVM -Kernel $kernel -Memory 64M,slots=2,maxmem=1G -Suspended
        try {
            Add-EmuDimm -VM $real -Id small -Size 64MB -WarningVariable first -WarningAction SilentlyContinue
            Add-EmuDimm -VM $real -Id large -Size 128MB -Address 0x108000000 -WarningVariable second -WarningAction SilentlyContinue
            "$first" | Should -BeLike "*'small'*128 MiB*"
            "$second" | Should -BeNullOrEmpty
        }
        finally {
            Remove-EmuVM $real -Force
        }
    }

    Context 'forms' {
        BeforeEach { $script:backend = New-EmuMemoryBackend mem1 128MB -VM $vm }

        It 'takes <Name>' -ForEach @(
            @{ Name = 'the id of a backend'; Form = { Add-EmuDimm mem1 -VM $vm -PassThru } }
            @{ Name = 'a backend'; Form = { Add-EmuDimm $backend -PassThru } }
            @{ Name = 'a backend and its VM'; Form = { Add-EmuDimm $backend -VM $vm -PassThru } }
            @{ Name = 'a piped backend'; Form = { $backend | Add-EmuDimm -PassThru } }
            @{ Name = 'a piped id'; Form = { 'mem1' | Add-EmuDimm -VM $vm -PassThru } }
            @{ Name = 'a piped VM and the id of a backend'; Form = { $vm | Add-EmuDimm mem1 -PassThru } }
            @{ Name = 'a piped VM and a named backend'; Form = { $vm | Add-EmuDimm -Backend $backend -PassThru } }
            @{ Name = 'the VM by name'; Form = { Add-EmuDimm mem1 -VM $vm.Name -PassThru } }
            @{ Name = 'the VM by id'; Form = { Add-EmuDimm mem1 -VM $vm.Id -PassThru } }
            @{ Name = 'a row with BackendId and VMName'; Form = { [pscustomobject] @{ BackendId = 'mem1'; VMName = $vm.Name } | Add-EmuDimm -PassThru } }
        ) {
            $dimm = & $Form
            $dimm | Should -HaveCount 1
            $dimm.BackendId | Should -Be 'mem1'
            $dimm.VMId | Should -Be $vm.Id
        }
    }

    It 'makes a backend for -Size' {
        $dimm = Add-EmuDimm -Size 128MB -Id sized -VM $vm -PassThru
        $dimm.BackendId | Should -Be 'mem-sized'
        ($vm | Add-EmuDimm -Size 128MB -PassThru).SizeBytes | Should -Be 128MB
    }

    It 'makes a backend whose id goes with that of the DIMM, past what is taken' {
        $null = New-EmuMemoryBackend mem-dimm1 128MB -VM $vm
        1..2 | ForEach-Object { Add-EmuDimm -Size 128MB -VM $vm }
        $dimms = Get-EmuDimm -VM $vm
        $dimms.DimmId | Should -Be dimm0, dimm2
        $dimms.BackendId | Should -Be mem-dimm0, mem-dimm2
    }

    It 'emits nothing by default' { Add-EmuDimm -Size 128MB -VM $vm | Should -BeNullOrEmpty }

    It 'emits what became of it with -Wait -PassThru' {
        $result = Add-EmuDimm -Size 128MB -VM $vm -Id waited -Wait -PassThru -Timeout 30
        $result.GetType().Name | Should -Be 'EmuDimmResult'
        $result.DimmId | Should -Be 'waited'
        $result.Outcome | Should -Be Accepted
        $result.OstSource | Should -Be 1
        $result.OstStatus | Should -Be 0
        (Get-EmuDimm waited -VM $vm).State | Should -Be Accepted
    }

    It 'fills the first free slot and the first gap' {
        $first = Add-EmuDimm -Size 128MB -VM $vm -PassThru
        $third = Add-EmuDimm -Size 128MB -VM $vm -Slot 2 -PassThru
        $second = Add-EmuDimm -Size 128MB -VM $vm -PassThru
        $first.Slot | Should -Be 0
        $third.Slot | Should -Be 2
        $second.Slot | Should -Be 1
        $first.Address | Should -Be 0x100000000
        $third.Address | Should -Be 0x108000000
        $second.Address | Should -Be 0x110000000
    }

    It 'takes an address' { (Add-EmuDimm -Size 128MB -VM $vm -Address 0x140000000 -PassThru).Address | Should -Be 0x140000000 }

    It 'sends all requests before it waits' {
        1..3 | ForEach-Object { New-EmuMemoryBackend -Size 2MB -VM $vm } | Add-EmuDimm -Wait -PassThru -Timeout 30 | Should -HaveCount 3
    }

    It 'does nothing with -WhatIf' {
        Add-EmuDimm -Size 128MB -VM $vm -PassThru -WhatIf | Should -BeNullOrEmpty
        Get-EmuDimm -VM $vm | Should -BeNullOrEmpty
        Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
    }

    It 'reports <Id>' -ForEach @(
        @{ Id = 'BackendNotFound'; Parameters = @{ Backend = 'none' } }
        @{ Id = 'DimmSlotOutOfRange'; Parameters = @{ Size = 128MB; Slot = 8 } }
        @{ Id = 'DimmSizeNotAligned'; Parameters = @{ Size = 3MB } }
        @{ Id = 'DimmAddressNotAligned'; Parameters = @{ Size = 2MB; Address = 0x100001000 } }
        @{ Id = 'DimmAddressOutOfRange'; Parameters = @{ Size = 2MB; Address = 0x10000000 } }
        @{ Id = 'HotplugRegionExhausted'; Parameters = @{ Size = 8GB } }
        @{ Id = 'NumaNodeNotFound'; Parameters = @{ Size = 2MB; Node = 7 } }
        @{ Id = 'InvalidIdentifier'; Parameters = @{ Size = 2MB; Id = '1x' } }
        @{ Id = 'SizeTooSmall'; Parameters = @{ Size = 2 } }
    ) {
        { Add-EmuDimm @Parameters -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId "$Id,EmuPS.Commands.AddEmuDimmCommand"
        Get-EmuDimm -VM $vm | Should -BeNullOrEmpty
        Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
    }

    It 'reports what is taken' {
        Add-EmuDimm -Size 128MB -VM $vm -Id taken -Slot 1 -Wait -Timeout 30
        $null = New-EmuMemoryBackend spare 128MB -VM $vm
        { Add-EmuDimm spare -VM $vm -Slot 1 -ErrorAction Stop } | Should -Throw -ErrorId 'DimmSlotOccupied,*' -ExpectedMessage 'slot 1 is busy*'
        { Add-EmuDimm spare -VM $vm -Id taken -ErrorAction Stop } | Should -Throw -ErrorId 'DimmExists,*'
        { Add-EmuDimm mem-taken -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'BackendInUse,*'
        { Add-EmuDimm spare -VM $vm -Address 0x100000000 -ErrorAction Stop } | Should -Throw -ErrorId 'AddressConflict,*'
    }

    It 'reports NoFreeDimmSlot when all slots are taken' {
        1..8 | ForEach-Object { Add-EmuDimm -Size 2MB -VM $vm }
        { Add-EmuDimm -Size 2MB -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'NoFreeDimmSlot,*'
    }

    It 'reports NoDimmSlots where the VM has none' {
        $other = Start-EmuVM -Guest Simulated -Memory 64MB
        { Add-EmuDimm -Size 2MB -VM $other -ErrorAction Stop } | Should -Throw -ErrorId 'NoDimmSlots,*'
        Remove-TestVM $other
    }

    It 'reports GuestRefusedPlug, and the data says so too' {
        Set-EmuGuestPolicy -VM $vm -Plug Refuse
        $result = Add-EmuDimm -Size 128MB -VM $vm -Id refused -Wait -PassThru -Timeout 30 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -Be 'GuestRefusedPlug,EmuPS.Commands.AddEmuDimmCommand'
        $problem[0].TargetObject.DimmId | Should -Be 'refused'
        $result.Outcome | Should -Be Refused
    }

    It 'reports GuestAnswerTimeout, and the request stays' {
        Set-EmuGuestPolicy -VM $vm -Plug Ignore
        $result = Add-EmuDimm -Size 128MB -VM $vm -Id ignored -Wait -PassThru -Timeout 0.05 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -Be 'GuestAnswerTimeout,EmuPS.Commands.AddEmuDimmCommand'
        $result.Outcome | Should -Be Pending
        (Get-EmuDimm ignored -VM $vm).State | Should -Be Pending
        Set-EmuGuestPolicy -VM $vm -Plug Accept
        Add-EmuDimm -Size 2MB -VM $vm -Wait -Timeout 30
        Wait-EmuDimm ignored -VM $vm -For Accepted -Timeout 30 -ErrorAction Stop
    }

    It 'completes free slots and unused backends' {
        Add-EmuDimm -Size 2MB -VM $vm -Slot 0
        $null = New-EmuMemoryBackend offered 2MB -VM $vm
        (Get-Completion "Add-EmuDimm -VM $($vm.Name) -Slot ").CompletionText | Should -Not -Contain '0'
        (Get-Completion "Add-EmuDimm -VM $($vm.Name) -Backend off").CompletionText | Should -Be 'offered'
    }
}
