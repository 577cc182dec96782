Describe 'Get-EmuMemoryBackend' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
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

    It 'says that a file was truncated under a running guest, and the VM stops and says so too' -Skip:(-not $IsLinux) {
        # A kernel of a few instructions that reads and writes the last page of a DIMM at 4 GiB for ever.
        $kernel = Join-Path $TestDrive 'kernel'
        [System.IO.File]::WriteAllBytes($kernel, [Convert]::FromBase64String(
            'ArCtGwMAAQD7T1HkAAAQAAAAEADIABAAABAQACAAEADHBQAAIAABECAAxwUEACAAAAAAAMcFABAgAIMAAADHBQQQIAAAAAAAxwUIECAAgwAgAM' +
            'cFDBAgAAAAAADHBRAQIACDAAAAxwUUECAAAQAAAMcFGBAgAIMAIADHBRwQIAABAAAADyDgg8ggDyLguAAAIAAPItgPIMANAAAAgA8iwMcFBPB/' +
            'AA3wDWCwUubpgz0E8H8AAHX3xwUE8H8ADfANYLBa5ulB6/0='))
        $path = Join-Path $TestDrive 'truncated'
        $lost = Start-EmuVM -Kernel $kernel -Memory 64MB -Slots 1 -MaxMemory 1GB -Dimm @{ Id = 'd'; Backend = @{ Id = 'lost1'; Size = '4M'; Path = $path; Share = $true } }
        (Get-EmuMemoryBackend lost1 -VM $lost).IsLost | Should -BeFalse
        $file = [System.IO.File]::Open($path, 'Open', 'Write', 'ReadWrite')
        $file.SetLength(1MB)
        $file.Dispose()
        $happened = Wait-EmuEvent MEMORY_BACKEND_LOST -VM $lost -After 0 -Timeout 30
        $happened.Data['id'] | Should -Be 'lost1'
        $happened.Data['device'] | Should -Be 'd'
        $happened.Data['action'] | Should -Be 'stop'
        $null = Wait-EmuEvent STOP -VM $lost -After $happened.Sequence -Timeout 30
        $backend = Get-EmuMemoryBackend lost1 -VM $lost
        $backend.IsLost | Should -BeTrue
        $backend.LostBytes | Should -Be 3MB
        (Get-EmuVM $lost.Name).State | Should -Be Paused
        Resume-EmuVM $lost
        Remove-TestVM $lost
    }

    It 'goes on after a loss when QEMU''s options say so' {
        $vm2 = Start-EmuVM -Guest Simulated -Memory 64MB -QemuArgument '-machine pc,memory-loss=report'
        Invoke-EmuQmpCommand qom-get @{ path = '/machine'; property = 'memory-loss' } -VM $vm2 | Should -Be 'report'
        Remove-TestVM $vm2
        { Start-EmuVM -Guest Simulated -QemuArgument '-machine pc,memory-loss=x' -ErrorAction Stop } | Should -Throw "*Parameter 'memory-loss' does not accept value 'x'*"
    }
}
