Describe 'Remove-EmuMemoryBackend' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    BeforeEach { $script:backend = New-EmuMemoryBackend doomed 2MB -VM $vm }

    AfterEach { Get-EmuMemoryBackend doomed* -VM $vm | Remove-EmuMemoryBackend }

    It 'deletes by id, by object and by wildcard' {
        Remove-EmuMemoryBackend doomed -VM $vm
        Get-EmuMemoryBackend doomed* -VM $vm | Should -BeNullOrEmpty
        New-EmuMemoryBackend doomed 2MB -VM $vm | Remove-EmuMemoryBackend
        Get-EmuMemoryBackend doomed* -VM $vm | Should -BeNullOrEmpty
        $null = New-EmuMemoryBackend doomed2 2MB -VM $vm
        Remove-EmuMemoryBackend doom* -VM $vm
        Get-EmuMemoryBackend doomed* -VM $vm | Should -BeNullOrEmpty
    }

    It 'takes what a waiting cmdlet said' {
        Add-EmuDimm $backend -Id temp1 -Wait -Timeout 30
        Remove-EmuDimm temp1 -VM $vm -Wait -PassThru -Timeout 30 | Remove-EmuMemoryBackend
        Get-EmuMemoryBackend doomed* -VM $vm | Should -BeNullOrEmpty
    }

    It 'leaves the main memory alone' {
        Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend
        { Remove-EmuMemoryBackend pc.ram -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'BackendInUse,*'
    }

    It 'does nothing with -WhatIf' {
        Remove-EmuMemoryBackend doomed -VM $vm -WhatIf
        Get-EmuMemoryBackend doomed -VM $vm | Should -HaveCount 1
    }

    It 'reports BackendInUse in QEMU''s words' {
        Add-EmuDimm doomed -VM $vm -Id user1 -Wait -Timeout 30
        { Remove-EmuMemoryBackend doomed -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'BackendInUse,*' -ExpectedMessage "object 'doomed' is in use, can not be deleted*"
        Remove-EmuDimm user1 -VM $vm -Wait -Timeout 30
    }

    It 'reports BackendNotFound' { { Remove-EmuMemoryBackend none -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'BackendNotFound,*' }

    It 'reports BackendOfAnotherVM' {
        $other = New-TestVM
        { $backend | Remove-EmuMemoryBackend -VM $other -ErrorAction Stop } | Should -Throw -ErrorId 'BackendOfAnotherVM,*'
        Remove-TestVM $other
    }
}
