Describe 'Start-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:name = 'start' + [guid]::NewGuid().ToString('N').Substring(0, 8)
    }

    AfterAll {
        foreach ($vm in Get-EmuVM "$name*") { Remove-TestVM $vm }
    }

    It 'emits the VM, which runs' {
        $vm = Start-EmuVM "$name-a" -Guest Simulated -Memory 64MB
        $vm.GetType().Name | Should -Be 'EmuVM'
        $vm.State | Should -Be Running
        $vm.Name | Should -Be "$name-a"
        $vm.Guest | Should -Be 'Simulated'
        $vm.MemoryBytes | Should -Be 64MB
    }

    It 'takes QEMU''s form of -Memory unquoted' {
        $vm = Start-EmuVM "$name-b" -Guest Simulated -Memory 64M,slots=3,maxmem=1G
        $vm.MemoryBytes | Should -Be 64MB
        $vm.Slots | Should -Be 3
        $vm.MaxMemoryBytes | Should -Be 1GB
    }

    It 'waits for the guest with -Wait' {
        $vm = Start-EmuVM "$name-c" -Guest Simulated -Memory 64MB -Wait -Timeout 30
        Get-EmuConsole -VM $vm | Should -Contain 'EMUPS-READY'
    }

    It 'holds the VM with -Suspended' {
        (Start-EmuVM "$name-d" -Guest Simulated -Memory 64MB -Suspended).State | Should -Be Paused
    }

    It 'does nothing with -WhatIf' {
        Start-EmuVM "$name-e" -Guest Simulated -Memory 64MB -WhatIf | Should -BeNullOrEmpty
        Get-EmuVM "$name-e*" | Should -BeNullOrEmpty
    }

    It 'plugs in cold what -Dimm describes' {
        $vm = Start-EmuVM "$name-f" -Guest Simulated -Memory 64MB -Slots 4 -MaxMemory 1GB -Dimm @{ Id = 'dimm1'; Backend = @{ Id = 'mem1'; Size = '256M' } }, @{ Size = '128M'; Slot = 3 }
        $dimms = @(Get-EmuDimm -VM $vm)
        $dimms | Should -HaveCount 2
        $dimms[0].DimmId | Should -Be 'dimm1'
        $dimms[0].BackendId | Should -Be 'mem1'
        $dimms[0].SizeBytes | Should -Be 256MB
        $dimms[0].State | Should -Be Present
        $dimms[0].Hotplugged | Should -BeFalse
        $dimms[1].Slot | Should -Be 3
    }

    It 'names what is allowed when a key of -Dimm is misspelt' {
        { Start-EmuVM "$name-g" -Guest Simulated -Memory 64MB -Dimm @{ Idd = 'dimm1' } } | Should -Throw -ExpectedMessage '*Backend*'
    }

    It 'hears a panic and <Action>' -ForEach @(
        @{ Action = 'Pause'; Told = 'pause'; State = 'Paused'; Reason = $null }
        @{ Action = 'Shutdown'; Told = 'poweroff'; State = 'Stopped'; Reason = 'guest-panic' }
        @{ Action = 'ExitFailure'; Told = 'poweroff'; State = 'Stopped'; Reason = 'guest-panic' }
        @{ Action = 'None'; Told = 'run'; State = 'Running'; Reason = $null }
    ) {
        # A Multiboot kernel of eleven bytes: mov al, 1; mov dx, 0x505; out dx, al; cli; hlt.
        $header = 0x1BADB002, 0x10003, 3830534139, 0x100000, 0x100000, 0x10002B, 0x101000, 0x100020
        $kernel = Join-Path $TestDrive 'panics'
        [IO.File]::WriteAllBytes($kernel, [byte[]](@($header | ForEach-Object { [BitConverter]::GetBytes([uint32]$_) }) + @(0xB0, 1, 0x66, 0xBA, 5, 5, 0xEE, 0xFA, 0xF4, 0xEB, 0xFD)))
        $vm = Start-EmuVM "$name-v$Action" -Kernel $kernel -Memory 16MB -OnPanic $Action
        (Wait-EmuEvent GUEST_PANICKED -VM $vm -After 0 -Timeout 30).Data.action | Should -Be $Told
        Wait-EmuVM $vm -For $State -Timeout 30
        $vm.ExitReason | Should -Be $Reason
        if ($Action -eq 'Pause') {
            (Invoke-EmuQmpCommand query-status -VM $vm).status | Should -Be 'guest-panicked'
        }
    }

    It 'starts at the reset vector of the ROM of -Firmware, also as -bios' {
        # mov al, '!'; mov dx, 0x3F8; out dx, al; hlt; jmp
        $rom = Join-Path $TestDrive 'rom'
        $bytes = [byte[]]::new(64KB)
        ([byte[]](0xB0, 0x21, 0xBA, 0xF8, 3, 0xEE, 0xF4, 0xEB, 0xFD)).CopyTo($bytes, 0xFFF0)
        [IO.File]::WriteAllBytes($rom, $bytes)
        foreach ($form in @{ Firmware = $rom }, @{ QemuArgument = "-bios '$rom'" }, @{ QemuArgument = "-machine 'pc,firmware=$rom'" }) {
            $vm = Start-EmuVM "$name-w" -Memory 16MB @form
            Receive-EmuConsole -VM $vm -Wait -Pattern '!' -Timeout 30 | Should -Be '!'
            $vm.Guest | Should -Be $rom
            Restart-EmuVM $vm
            Receive-EmuConsole -VM $vm -Wait -Pattern '!' -Timeout 30 | Should -Be '!'
            Stop-EmuVM $vm -TurnOff
        }
    }

    It 'says why <Why>' -ForEach @(
        @{ Why = 'a guest image does not go with firmware'; Id = 'BootOptionsConflict'; Parameters = @{ Guest = 'Simulated' }; Size = 64KB }
        @{ Why = 'an initial RAM disk needs a kernel'; Id = 'BootOptionsConflict'; Parameters = @{ Initrd = 'x' }; Size = 64KB }
        @{ Why = 'a command line needs a kernel'; Id = 'BootOptionsConflict'; Parameters = @{ CommandLine = 'x' }; Size = 64KB }
        @{ Why = 'a policy needs a kernel'; Id = 'BootOptionsConflict'; Parameters = @{ OnlinePolicy = 'Movable' }; Size = 64KB }
        @{ Why = 'this is no size of a ROM'; Id = 'FirmwareNotRecognized'; Parameters = @{}; Size = 1KB }
        @{ Why = 'there is no such ROM'; Id = 'FirmwareUnavailable'; Parameters = @{}; Size = 0 }
    ) {
        $rom = Join-Path $TestDrive "rom$Size$($Parameters.Keys)"
        if ($Size) { [IO.File]::WriteAllBytes($rom, [byte[]]::new($Size)) }
        $problem = { Start-EmuVM "$name-x" -Firmware $rom -Memory 16MB @Parameters -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-EmuVM "$name-x*" | Should -BeNullOrEmpty
    }

    It 'does not take a guest image for firmware from the pipeline either' {
        $rom = Join-Path $TestDrive 'rompipe'
        [IO.File]::WriteAllBytes($rom, [byte[]]::new(64KB))
        { Get-EmuGuestImage Simulated | Start-EmuVM "$name-x" -Firmware $rom -ErrorAction Stop } | Should -Throw -ErrorId 'BootOptionsConflict,*'
    }

    It 'starts a stopped VM again as it was' {
        $vm = Start-EmuVM "$name-h" -Guest Simulated -Memory 64M,slots=2,maxmem=1G -Wait -Timeout 30
        Stop-EmuVM $vm -TurnOff
        $again = $vm | Start-EmuVM -Wait -Timeout 30
        $again.Id | Should -Be $vm.Id
        $again.State | Should -Be Running
        $again.Slots | Should -Be 2
    }

    It 'reuses the name of a stopped VM' {
        $first = Start-EmuVM "$name-i" -Guest Simulated -Memory 64MB
        Stop-EmuVM $first -TurnOff
        $second = Start-EmuVM "$name-i" -Guest Simulated -Memory 64MB
        $second.Id | Should -Not -Be $first.Id
        @(Get-EmuVM "$name-i") | Should -HaveCount 1
    }

    It 'reports <Id>' -ForEach @(
        @{ Id = 'SizeTooSmall'; Parameters = @{ Memory = 512 } }
        @{ Id = 'InvalidMemoryConfiguration'; Parameters = @{ Memory = '64M,slots=3' } }
        @{ Id = 'TooManyDimmSlots'; Parameters = @{ Memory = '64MB'; Slots = 257; MaxMemory = 1GB } }
        @{ Id = 'InvalidVMName'; Parameters = @{ Name = '1web' } }
        @{ Id = 'GuestImageNotFound'; Parameters = @{ Guest = 'no-such-image' } }
        @{ Id = 'InvalidSize'; Parameters = @{ Memory = '64MB'; Dimm = @{ Id = 'dimm1' } } }
    ) {
        $all = @{ Guest = 'Simulated' } + @{}
        foreach ($key in $Parameters.Keys) { $all[$key] = $Parameters[$key] }
        { Start-EmuVM @all -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'names a size that was too small as it was typed: <Typed>' -ForEach @(
        @{ Typed = '512'; Memory = 512; Remedy = '512MB' }
        @{ Typed = '8K'; Memory = '8K'; Remedy = 'a size such as' }
    ) {
        $problem = { Start-EmuVM -Guest Simulated -Memory $Memory -ErrorAction Stop } | Should -Throw -ErrorId 'SizeTooSmall,*' -PassThru
        $problem.Exception.Message | Should -BeLike "-Memory $Typed is *"
        $problem.ErrorDetails.RecommendedAction | Should -BeLike "*$Remedy*"
    }

    It 'reports VMNameInUse' {
        $vm = Start-EmuVM "$name-j" -Guest Simulated -Memory 64MB
        { Start-EmuVM "$name-j" -Guest Simulated -Memory 64MB -ErrorAction Stop } | Should -Throw -ErrorId 'VMNameInUse,*'
        { Start-EmuVM -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'VMAlreadyRunning,*'
    }

    It 'leaves nothing behind when a DIMM is refused' {
        { Start-EmuVM "$name-k" -Guest Simulated -Memory 64M,slots=1,maxmem=1G -Dimm @{ Size = '128M' }, @{ Size = '128M' } -ErrorAction Stop } | Should -Throw -ErrorId 'NoFreeDimmSlot,*'
        Get-EmuVM "$name-k*" | Should -BeNullOrEmpty
    }

    It 'writes what happens into the file of -LogPath' {
        $path = Join-Path $TestDrive 'vm.log'
        $vm = Start-EmuVM "$name-l" -Guest Simulated -Memory 64M,slots=2,maxmem=1G -LogPath $path -LogLevel Debug -Wait -Timeout 30
        Add-EmuDimm -Size 128MB -Id d1 -VM $vm -Wait
        Invoke-EmuQmpCommand query-status -VM $vm
        Remove-EmuDimm d1 -VM $vm -Wait
        Stop-EmuVM $vm -TurnOff
        $log = Get-Content -LiteralPath $path -Raw
        $log | Should -Match "$name-l Hotplug: DIMM 'd1' plugged: slot 0"
        $log | Should -Match "Slot 0 \('d1'\): _OST source 0x1, status 0x0"
        $log | Should -Match 'Debug +\S+ Monitor: query-status'
        $log | Should -Match "DIMM 'd1' ejected from slot 0"
        $log | Should -Match 'Machine: Ended: host-qmp-quit'

        # One file is for one VM.
        $other = Start-EmuVM "$name-l2" -Guest Simulated -Memory 64MB -LogPath "$path.2"
        { Start-EmuVM "$name-l3" -Guest Simulated -Memory 64MB -LogPath "$path.2" -ErrorAction Stop } | Should -Throw -ErrorId 'LogFileUnavailable,*'
        Stop-EmuVM $other -TurnOff

        # Started again, it goes on in the same file.
        $null = $vm | Start-EmuVM -Wait -Timeout 30
        Stop-EmuVM $vm -TurnOff
        (Get-Content -LiteralPath $path | Where-Object { $_ -like '*Machine: Made:*' }) | Should -HaveCount 2
    }

    It 'says so when the log cannot be written' {
        { Start-EmuVM "$name-m" -Guest Simulated -Memory 64MB -LogPath (Join-Path $TestDrive 'none/vm.log') -ErrorAction Stop } | Should -Throw -ErrorId 'LogFileUnavailable,*'
        Get-EmuVM "$name-m*" | Should -BeNullOrEmpty
    }

    It 'warns of what has no effect' {
        $null = Start-EmuVM "$name-n" -Guest Simulated -Memory 64MB -LogLevel Debug -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*-LogPath*'
    }

    It 'writes the console into the file of -ConsolePath' {
        $path = Join-Path $TestDrive 'console.txt'
        $vm = Start-EmuVM "$name-o" -Guest Simulated -Memory 64M,slots=2,maxmem=1G -ConsolePath $path -Wait -Timeout 30
        Add-EmuDimm -Size 128MB -Id d1 -VM $vm -Wait
        Stop-EmuVM $vm -TurnOff
        $written = (Get-Content -LiteralPath $path -Raw) -replace "`r"
        $written | Should -Match 'EMUPS-READY'
        $written | Should -Be (((Get-EmuConsole -VM $vm) -join "`n") + "`n")
    }

    It 'says so when the console''s file cannot be made' {
        { Start-EmuVM "$name-p" -Guest Simulated -Memory 64MB -ConsolePath (Join-Path $TestDrive 'none/console.txt') -ErrorAction Stop } | Should -Throw -ErrorId 'FileUnavailable,*'
        Get-EmuVM "$name-p*" | Should -BeNullOrEmpty
    }

    It 'gives the guest the NUMA nodes of -NumaNode, and DIMMs their place in them' {
        $vm = Start-EmuVM "$name-q" -Guest Simulated -Memory 64M,slots=2,maxmem=1G -NumaNode @{ Memory = '32M'; Cpu = 0 }, @{ Memory = '32M' } -Wait -Timeout 30
        (Invoke-EmuMonitorCommand 'info numa' -VM $vm) -join ' ' | Should -Match '2 nodes'
        Add-EmuDimm -Size 128MB -Id d1 -Node 1 -VM $vm -Wait
        (Get-EmuDimm d1 -VM $vm).Node | Should -Be 1
        { Add-EmuDimm -Size 128MB -Id d2 -Node 2 -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'NumaNodeNotFound,*'
    }

    It 'reports nodes that do not add up to the memory' {
        { Start-EmuVM "$name-r" -Guest Simulated -Memory 64MB -NumaNode @{ Memory = '16M' }, @{ Memory = '16M' } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidNumaConfiguration,*'
        { Start-EmuVM "$name-r" -Guest Simulated -Memory 64MB -NumaNode @{ Memry = '64M' } } | Should -Throw -ExpectedMessage '*Memory*'
    }

    It 'completes guests' {
        (Get-Completion 'Start-EmuVM -Guest Sim').CompletionText | Should -Contain 'Simulated'
    }
}
