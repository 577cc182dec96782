Describe 'Get-EmuMemoryBackend' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $vm = New-TestVM
        $null = New-EmuMemoryBackend used1 2MB -VM $vm
        $null = New-EmuMemoryBackend free1 2MB -VM $vm
        Add-EmuDimm used1 -VM $vm -Id dimm1 -Wait -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'lists all but the main memory''s' { (Get-EmuMemoryBackend -VM $vm).BackendId | Should -Be 'free1', 'used1' }
    It 'lists the main memory''s when asked' { (Get-EmuMemoryBackend -VM $vm -IncludeMain).BackendId | Should -Contain 'pc.ram' }
    It 'finds by id, wildcard and from the pipeline' {
        (Get-EmuMemoryBackend used1 -VM $vm).InUseBy | Should -Be 'dimm1'
        (Get-EmuMemoryBackend u* -VM $vm).BackendId | Should -Be 'used1'
        ('free1' | Get-EmuMemoryBackend -VM $vm).BackendId | Should -Be 'free1'
        ($vm | Get-EmuMemoryBackend free*).BackendId | Should -Be 'free1'
    }

    It 'finds the backend of a DIMM' { (Get-EmuDimm dimm1 -VM $vm | Get-EmuMemoryBackend).BackendId | Should -Be 'used1' }
    It 'finds unused ones' { (Get-EmuMemoryBackend -VM $vm -Unused).BackendId | Should -Be 'free1' }
    It 'reports BackendNotFound' { { Get-EmuMemoryBackend none -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'BackendNotFound,*' }
    It 'completes ids' { (Get-Completion "Get-EmuMemoryBackend -VM $($vm.Name) -Backend f").CompletionText | Should -Contain 'free1' }
    It 'shows who uses it' { Get-EmuMemoryBackend -VM $vm | Out-String | Should -Match 'used1 +Ram +2 +False +dimm1' }
}
