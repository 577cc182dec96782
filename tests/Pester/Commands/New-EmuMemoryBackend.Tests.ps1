Describe 'New-EmuMemoryBackend' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'makes a backend of anonymous memory' {
        $backend = New-EmuMemoryBackend mem1 1GB -VM $vm
        $backend.BackendId | Should -Be 'mem1'
        $backend.SizeBytes | Should -Be 1GB
        $backend.Kind | Should -Be Ram
        $backend.VMName | Should -Be $vm.Name
        $backend.InUseBy | Should -BeNullOrEmpty
    }

    It 'takes <Text>' -ForEach @(
        @{ Text = '1G'; Bytes = 1GB }
        @{ Text = '1.5G'; Bytes = 1.5GB }
        @{ Text = '512M'; Bytes = 512MB }
        @{ Text = '1GB'; Bytes = 1GB }
        @{ Text = 536870912; Bytes = 512MB }
    ) {
        (New-EmuMemoryBackend -Size $Text -VM $vm).SizeBytes | Should -Be $Bytes
    }

    It 'makes up an id' {
        $first = New-EmuMemoryBackend -Size 2MB -VM $vm
        $second = New-EmuMemoryBackend -Size 2MB -VM $vm
        $first.BackendId | Should -Match '^mem\d+$'
        $second.BackendId | Should -Not -Be $first.BackendId
    }

    It 'takes VMs from the pipeline, by name and by id' {
        ($vm | New-EmuMemoryBackend piped 2MB).BackendId | Should -Be 'piped'
        (New-EmuMemoryBackend byname 2MB -VM $vm.Name).BackendId | Should -Be 'byname'
        (New-EmuMemoryBackend byid 2MB -VM $vm.Id).BackendId | Should -Be 'byid'
    }

    It 'makes one over a file' {
        $path = Join-Path $TestDrive 'memory'
        $backend = New-EmuMemoryBackend file1 4MB -Path $path -Share -VM $vm
        $backend.Kind | Should -Be File
        $backend.Share | Should -BeTrue
        (Get-Item $path).Length | Should -Be 4MB
        Remove-EmuMemoryBackend file1 -VM $vm
    }

    It 'gives every page memory at once' {
        $backend = New-EmuMemoryBackend full1 16MB -Preallocate -PreallocateThreads 2 -VM $vm
        $backend.Preallocate | Should -BeTrue
        Remove-EmuMemoryBackend full1 -VM $vm
    }

    It 'does nothing with -WhatIf' {
        New-EmuMemoryBackend whatif 2MB -VM $vm -WhatIf | Should -BeNullOrEmpty
        Get-EmuMemoryBackend whatif* -VM $vm | Should -BeNullOrEmpty
    }

    It 'reports <Id>' -ForEach @(
        @{ Id = 'SizeTooSmall'; Parameters = @{ Size = 512 } }
        @{ Id = 'InvalidIdentifier'; Parameters = @{ Id = '1mem'; Size = 2MB } }
        @{ Id = 'BackendExists'; Parameters = @{ Id = 'pc.ram'; Size = 2MB } }
        @{ Id = 'BackendFileUnavailable'; Parameters = @{ Size = 2MB; Path = '/no/such/folder/file' } }
    ) {
        { New-EmuMemoryBackend @Parameters -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId "$Id,EmuPS.Commands.NewEmuMemoryBackendCommand"
    }

    It 'says what to write instead of a size that is too small' {
        (Get-ErrorOf { New-EmuMemoryBackend -Size 512 -VM $vm }).ErrorDetails.RecommendedAction | Should -BeLike '*512MB*'
    }

    It 'says that <Size> is too large' -ForEach @(
        @{ Size = '8E' }
        @{ Size = '16E' }
        @{ Size = '9223372036854775808' }
        @{ Size = [uint64]::MaxValue }
        @{ Size = 1e30 }
        @{ Size = 9223372036854775808 }
    ) {
        { New-EmuMemoryBackend -Size $Size -VM $vm } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage '*too large*2^63*'
    }

    It 'says the same of <Size> bytes as the two monitors' -ForEach @(
        @{ Size = 4611686018427387904 }
        @{ Size = 9223372036854771712 }
        @{ Size = 9223372036854775807 }
    ) {
        $message = (Get-ErrorOf { New-EmuMemoryBackend huge $Size -VM $vm }).Exception.Message
        $message | Should -BeLike "cannot set up guest memory 'huge': *"
        (Get-ErrorOf { Invoke-EmuQmpCommand object-add @{ 'qom-type' = 'memory-backend-ram'; id = 'huge'; size = $Size } -VM $vm }).Exception.Message | Should -Be $message
        Invoke-EmuMonitorCommand "object_add memory-backend-ram,id=huge,size=$Size" -VM $vm | Should -Be "Error: $message"
        $vm.State | Should -Be Running
    }

    It 'refuses text that is no size' { { New-EmuMemoryBackend -Size 1X -VM $vm } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' }

    It 'reports VMNotFound' { { New-EmuMemoryBackend -Size 2MB -VM no-such-vm -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotFound,*' }
}
