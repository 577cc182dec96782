Describe 'Several VMs and runspaces' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:manifest = Join-Path $PSScriptRoot '../../../EmuPS.psd1'
        $script:one = New-TestVM
        $script:two = New-TestVM
    }

    AfterAll {
        Remove-TestVM $one
        Remove-TestVM $two
    }

    AfterEach {
        Set-EmuGuestPolicy -VM $one, $two -Plug Accept -Unplug Accept
        $one, $two | Get-EmuDimm | Remove-EmuDimm -Wait -Timeout 30
        $one, $two | Get-EmuMemoryBackend | Remove-EmuMemoryBackend
    }

    It 'reports VMAmbiguous and lists the names' {
        $problem = Get-ErrorOf { Add-EmuDimm -Size 2MB }
        $problem.FullyQualifiedErrorId | Should -Be 'VMAmbiguous,EmuPS.Commands.AddEmuDimmCommand'
        "$problem" | Should -Match $one.Name
        "$problem" | Should -Match $two.Name
    }

    It 'carries a pipeline through all of them' {
        $one, $two | New-EmuMemoryBackend -Size 128MB | Add-EmuDimm -Wait -Timeout 30 -ErrorAction Stop
        $dimms = $one, $two | Get-EmuDimm
        $dimms.VMName | Should -Be $one.Name, $two.Name
        $results = $dimms | Remove-EmuDimm -WithBackend -Wait -PassThru -Timeout 30
        $results.Outcome | Should -Be Removed, Removed
        $one, $two | Get-EmuMemoryBackend | Should -BeNullOrEmpty
    }

    It 'gives each DIMM a slot of its own when runspaces add at once' {
        $name = $one.Name
        $slots = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            (Add-EmuDimm -Size 2MB -VM $using:name -PassThru).Slot
        }
        $slots | Sort-Object | Should -Be 0, 1, 2, 3
    }

    It 'ends a wait at once at Ctrl+C, and the request stays' {
        Set-EmuGuestPolicy -VM $one -Plug Ignore
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript("param(`$manifest, `$name) Import-Module `$manifest; Add-EmuDimm -Size 2MB -Id waited -VM `$name -Wait -Timeout -1").AddArgument($manifest).AddArgument($one.Name)
        $run = $shell.BeginInvoke()
        $null = Receive-EmuConsole -VM $one -Wait -Pattern 'ignored' -Timeout 30
        $shell.Stop()
        $run.IsCompleted | Should -BeTrue
        $shell.Dispose()
        (Get-EmuDimm waited -VM $one).State | Should -Be Pending
        Set-EmuGuestPolicy -VM $one -Plug Accept
        Add-EmuDimm -Size 2MB -VM $one -Wait -Timeout 30 -ErrorAction Stop
    }

    It 'fills and empties 256 slots' {
        $big = Start-EmuVM -Guest Simulated -Memory 64MB -Slots 256 -MaxMemory 2GB -Wait -Timeout 30
        1..256 | ForEach-Object { Add-EmuDimm -Size 2MB -VM $big -ErrorAction Stop }
        Get-EmuDimm -VM $big | Wait-EmuDimm -For Accepted -Timeout 60 -ErrorAction Stop
        (Get-EmuDimmSlot -VM $big -Free) | Should -BeNullOrEmpty
        @(Get-EmuDimm -VM $big | Remove-EmuDimm -Wait -PassThru -Timeout 60) | Should -HaveCount 256
        Get-EmuDimm -VM $big | Should -BeNullOrEmpty
        Remove-TestVM $big
    }

    It 'hears, once it has booted, what was asked of it before' {
        $early = Start-EmuVM -Guest Simulated -Memory 64MB -Slots 3 -MaxMemory 2GB -Suspended -Dimm @{ Id = 'cold'; Backend = @{ Size = '128M' } }
        Add-EmuDimm -Size 128MB -Id hot -VM $early
        Remove-EmuDimm cold -VM $early
        (Get-EmuDimm -VM $early).State | Should -Be UnplugPending, Pending
        Resume-EmuVM $early
        Wait-EmuDimm cold -VM $early -For Removed -Timeout 30 -ErrorAction Stop
        (Wait-EmuDimm hot -VM $early -For Accepted -Timeout 30 -PassThru -ErrorAction Stop).Outcome | Should -Be Accepted
        (Get-EmuDimm -VM $early).State | Should -BeIn Present, Accepted
        (Remove-EmuDimm hot -VM $early -Wait -Timeout 30 -PassThru -ErrorAction Stop).Outcome | Should -Be Removed
        Remove-TestVM $early
    }

    It 'takes a machine described in QEMU''s words' {
        $vm = Start-EmuVM -Guest Simulated -QemuArgument '-m 64M,slots=3,maxmem=1G -object memory-backend-ram,id=mem1,size=128M -device pc-dimm,id=dimm1,memdev=mem1,slot=2'
        $dimm = Get-EmuDimm -VM $vm
        $dimm.DimmId | Should -Be 'dimm1'
        $dimm.Slot | Should -Be 2
        Remove-TestVM $vm
        { Start-EmuVM -Guest Simulated -QemuArgument '-foo' -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownOption,*'
    }

    It 'takes -Dimm as QEMU''s text' {
        $vm = Start-EmuVM -Guest Simulated -Memory 64M,slots=3,maxmem=1G -Dimm @{ Id = 'a'; Backend = 'memory-backend-ram,id=mem1,size=128M' }, '-object memory-backend-ram,id=mem2,size=256M -device pc-dimm,id=b,memdev=mem2'
        (Get-EmuDimm -VM $vm).BackendId | Should -Be 'mem1', 'mem2'
        Remove-TestVM $vm
    }
}
