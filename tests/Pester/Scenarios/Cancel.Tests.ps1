Describe 'Ctrl+C' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot 'Stoppable.ps1')
        $script:vm = New-TestVM
        Add-EmuDimm -Size 2MB -Id kept -VM $vm -Wait -Timeout 30 -ErrorAction Stop
        Set-EmuGuestPolicy -VM $vm -Plug Ignore -Unplug Ignore
    }

    AfterAll { Remove-TestVM $vm }

    # The command waits for what never comes; the host stops it as Ctrl+C does.
    It 'ends: <Command>' -ForEach @(
        @{ Command = 'Wait-EmuVM {vm} -For Stopped -Timeout -1' }
        @{ Command = 'Add-EmuDimm -VM {vm} -Size 2MB -Wait -Timeout -1' }
        @{ Command = 'Remove-EmuDimm kept -VM {vm} -Wait -Timeout -1' }
        @{ Command = 'Wait-EmuDimm kept -VM {vm} -For Removed -Timeout -1' }
        @{ Command = 'Wait-EmuEvent NEVER -VM {vm} -Timeout -1' }
        @{ Command = 'Get-EmuEvent -VM {vm} -Wait' }
        @{ Command = 'Get-EmuConsole -VM {vm} -Wait' }
        @{ Command = 'Receive-EmuConsole -VM {vm} -Wait -Pattern never -Timeout -1' }
        @{ Command = 'Show-EmuMemory -VM {vm} -Watch'; IsSilent = $true }
    ) {
        $before = @(Get-EngineThread)
        $running = Invoke-Stoppable $Command.Replace('{vm}', $vm.Name)
        # It waits when it shows progress, or when it has emitted what was there already.
        Wait-Until { $running.Run.IsCompleted -or $running.Output.Count -gt 0 }
        if (-not $IsSilent) { Wait-Until { $running.Run.IsCompleted -or $running.Output.Count -gt 1 -or $running.Shell.Streams.Progress.Count -gt 0 } }
        Assert-Stoppable $running
        $vm.State | Should -Be Running
        Wait-Until { @(Get-EngineThread).Count -le $before.Count } 'the threads end'
    }

    It 'takes the VM away that was still booting' {
        $name = 'c' + [guid]::NewGuid().ToString('N').Substring(0, 6)
        $running = Invoke-Stoppable "Start-EmuVM $name -Guest Simulated -Memory 64MB -Suspended -Wait -Timeout -1"
        Wait-Progress $running
        Get-EmuVM $name | Should -Not -BeNullOrEmpty
        Assert-Stoppable $running
        Get-EmuVM "$name*" | Should -BeNullOrEmpty
        Wait-Until { -not (Get-EngineThread $name) }
    }

    It 'leaves a VM stopped that was to start again' {
        $name = 'c' + [guid]::NewGuid().ToString('N').Substring(0, 6)
        $again = Start-EmuVM $name -Guest Simulated -Memory 64MB -Suspended
        try {
            Stop-EmuVM $again -TurnOff
            $running = Invoke-Stoppable "Start-EmuVM -VM $name -Wait -Timeout -1"
            Wait-Progress $running
            $again.State | Should -Be Paused
            Assert-Stoppable $running
            $again.State | Should -Be Stopped
            Wait-Until { -not (Get-EngineThread $name) }
            # And it can: the name is its own, nothing is half made.
            Start-EmuVM -VM $again -ErrorAction Stop
            Resume-EmuVM $again
            Wait-EmuVM $again -For GuestReady -Timeout 30 -ErrorAction Stop
        }
        finally { Remove-TestVM $again }
    }
}

Describe 'Ctrl+C while memory is preallocated' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot 'Stoppable.ps1')
        $script:name = 'c' + [guid]::NewGuid().ToString('N').Substring(0, 6)
    }

    It 'leaves nothing behind: Start-EmuVM -Dimm' {
        $small = Join-Path $TestDrive 'small'
        $start = "Start-EmuVM $name -Guest Simulated -Memory 64MB -Slots 2 -MaxMemory 16GB -Dimm @{ Id = 'd1'; Backend = @{ Size = '2M'; Path = '$small'; Preallocate = `$true } }, @{ Id = 'd2'; Backend = @{ Size = '8G'; Preallocate = `$true } }"
        $running = Invoke-Stoppable $start
        Wait-Progress $running 'Preallocating 8194 MiB'
        Assert-Stoppable $running
        Get-EmuVM "$name*" | Should -BeNullOrEmpty
        $small | Should -Not -Exist
        Wait-Until { -not (Get-EngineThread $name) }
        # The name is free.
        Start-EmuVM $name -Guest Simulated -Memory 64MB -ErrorAction Stop | Remove-EmuVM -Force
    }

    It 'leaves nothing behind: Start-EmuVM -QemuArgument' {
        $running = Invoke-Stoppable "Start-EmuVM $name -Guest Simulated -QemuArgument '-m 64M,slots=2,maxmem=16G -object memory-backend-ram,id=m1,size=8G,prealloc=on -device pc-dimm,id=d1,memdev=m1'"
        Wait-Progress $running 'Preallocating 8192 MiB'
        Assert-Stoppable $running
        Get-EmuVM "$name*" | Should -BeNullOrEmpty
        Wait-Until { -not (Get-EngineThread $name) }
    }

    It 'leaves the backend out: New-EmuMemoryBackend' {
        $vm = New-TestVM
        try {
            $running = Invoke-Stoppable "New-EmuMemoryBackend big 8GB -VM $($vm.Name) -Preallocate"
            Wait-Progress $running 'Preallocating 8192 MiB'
            Assert-Stoppable $running
            Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
            # The id is free.
            (New-EmuMemoryBackend big 2MB -VM $vm -Preallocate -ErrorAction Stop).Preallocate | Should -BeTrue
        }
        finally { Remove-TestVM $vm }
    }
}

Describe 'Ctrl+C and a Debian kernel' -Tag Guest {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot 'Stoppable.ps1')
        $null = New-EmuGuestImage -ErrorAction Stop
        $script:vm = Start-EmuVM -Memory 1GB -Slots 2 -MaxMemory 2GB -Wait -Timeout 300 -ErrorAction Stop
        $script:in = @{ VM = $vm; Timeout = 60; ErrorAction = 'Stop'; Raw = $true }

        # Nothing of what was stopped is left in the guest, and what comes next is not mixed up with it.
        function Assert-Clean {
            param([string] $Command)
            Wait-Until { (Invoke-EmuGuestCommand 'ps -o args' @in) -split "`n" -notcontains $Command } $Command
            Wait-Until { (Invoke-EmuGuestCommand 'ls /run/emups | wc -l' @in).Trim() -eq '1' } 'only the files of the listing itself'
            $next = Invoke-EmuGuestCommand 'echo out; echo err >&2; exit 3' -VM $vm -Timeout 60 -IgnoreExitCode
            $next.Output | Should -BeExactly 'out'
            $next.ErrorOutput | Should -BeExactly 'err'
            $next.ExitCode | Should -Be 3
            Invoke-EmuGuestCommand 'seq 2000' -VM $vm -Timeout 60 -Stream | Should -Be (1..2000)
        }
    }

    AfterAll { Remove-TestVM $vm }

    It 'kills the command: Invoke-EmuGuestCommand <Options>' -ForEach @(
        @{ Options = '' }
        @{ Options = '-Raw -IgnoreExitCode' }
        @{ Options = '-Stream' }
    ) {
        $running = Invoke-Stoppable "Invoke-EmuGuestCommand 'echo started; sleep 4321 & sleep 4322' -VM $($vm.Name) -Timeout -1 $Options"
        Wait-Until { (Invoke-EmuGuestCommand 'ps -o args' @in) -split "`n" -contains 'sleep 4322' }
        Assert-Stoppable $running
        Assert-Clean 'sleep 4321'
        Assert-Clean 'sleep 4322'
    }

    It 'kills a command that prints without end: Invoke-EmuGuestCommand -Stream' {
        $running = Invoke-Stoppable "Invoke-EmuGuestCommand 'yes flood' -VM $($vm.Name) -Timeout -1 -Stream"
        Wait-Until { $running.Run.IsCompleted -or $running.Output.Count -gt 10 }
        Assert-Stoppable $running
        Assert-Clean 'yes flood'
    }

    It 'leaves no half of a file in the guest: Copy-EmuGuestFile -ToGuest' {
        $big = Join-Path $TestDrive 'big'
        [System.IO.File]::WriteAllBytes($big, [byte[]]::new(128MB))
        $running = Invoke-Stoppable "Copy-EmuGuestFile -ToGuest '$big' /tmp/big -VM $($vm.Name) -Timeout -1"
        Wait-Progress $running 'Copying'
        Assert-Stoppable $running
        Assert-Clean 'cat'
        Invoke-EmuGuestCommand 'ls /tmp' @in | Should -Not -Match 'big'
        # And the next copy is whole.
        $small = Join-Path $TestDrive 'small'
        [System.IO.File]::WriteAllBytes($small, [byte[]] (0..255))
        Copy-EmuGuestFile -ToGuest $small /tmp/small -VM $vm -ErrorAction Stop
        $back = Copy-EmuGuestFile -FromGuest /tmp/small (Join-Path $TestDrive 'back') -VM $vm -ErrorAction Stop
        [System.IO.File]::ReadAllBytes($back.FullName) | Should -Be (0..255)
    }

    It 'leaves no half of a file on the host: Copy-EmuGuestFile -FromGuest' {
        $null = Invoke-EmuGuestCommand 'dd if=/dev/zero of=/tmp/huge bs=1M count=128' @in
        $target = Join-Path $TestDrive 'huge'
        $running = Invoke-Stoppable "Copy-EmuGuestFile -FromGuest /tmp/huge '$target' -VM $($vm.Name) -Timeout -1"
        Wait-Progress $running 'Copying'
        Assert-Stoppable $running
        $target | Should -Not -Exist
        Assert-Clean 'cat /tmp/huge'
    }

    It 'takes the VM away that was still booting: Start-EmuVM -Wait' {
        $name = 'c' + [guid]::NewGuid().ToString('N').Substring(0, 6)
        # With a shell as its first process it never says that it is ready, however fast the host is.
        $running = Invoke-Stoppable "Start-EmuVM $name -Memory 512MB -CommandLine rdinit=/bin/sh -Wait -Timeout -1"
        Wait-Progress $running '*is booting'
        (Get-EmuVM $name).State | Should -Be Running
        Assert-Stoppable $running
        Get-EmuVM "$name*" | Should -BeNullOrEmpty
        Wait-Until { -not (Get-EngineThread $name) }
        Invoke-EmuGuestCommand 'uname -s' @in | Should -Match '^Linux'
    }
}
