Describe 'A Debian kernel' -Tag Guest {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $null = New-EmuGuestImage -ErrorAction Stop
        $script:vm = Start-EmuVM -Memory 1GB -Slots 4 -MaxMemory 6GB -OnlinePolicy Movable -Wait -Timeout 300 -ErrorAction Stop
    }

    AfterAll { Remove-TestVM $vm }

    It 'answers commands with output, errors and exit code' {
        (Invoke-EmuGuestCommand 'uname -s' -VM $vm).Output | Should -Be 'Linux'
        $result = Invoke-EmuGuestCommand 'echo out; echo err >&2; exit 3' -VM $vm -IgnoreExitCode
        $result.Output | Should -Be 'out'
        $result.ErrorOutput | Should -Be 'err'
        $result.ExitCode | Should -Be 3
        { Invoke-EmuGuestCommand 'exit 3' -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'GuestCommandFailed,EmuPS.Commands.InvokeEmuGuestCommandCommand'
    }

    It 'takes standard input, and streams' {
        'one', 'two' | Invoke-EmuGuestCommand 'wc -l' -VM $vm -Raw | Should -Match '^\s*2\s*$'
        Invoke-EmuGuestCommand 'echo a; echo b' -VM $vm -Stream | Should -Be 'a', 'b'
    }

    It 'reports GuestCommandTimeout' { { Invoke-EmuGuestCommand 'sleep 100' -VM $vm -Timeout 0.5 -ErrorAction Stop } | Should -Throw -ErrorId 'GuestCommandTimeout,*' }

    It 'copies files both ways' {
        $path = Join-Path $TestDrive 'file.txt'
        Set-Content $path 'through the serial port'
        Copy-EmuGuestFile -ToGuest $path /tmp/file.txt -VM $vm
        (Copy-EmuGuestFile -FromGuest /tmp/file.txt (Join-Path $TestDrive 'back.txt') -VM $vm).Length | Should -Be (Get-Item $path).Length
        Get-Content (Join-Path $TestDrive 'back.txt') | Should -Be 'through the serial port'
        { Copy-EmuGuestFile -FromGuest /no/such/file $TestDrive -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'GuestFileNotRead,*'
    }

    It 'sees a DIMM come and go in its own figures' {
        $before = Get-EmuMemory -Guest -VM $vm
        New-EmuMemoryBackend mem1 1GB -VM $vm | Add-EmuDimm -Id dimm1 -Wait -Timeout 60 -ErrorAction Stop
        Wait-EmuDimm dimm1 -VM $vm -For Online -Timeout 60 -ErrorAction Stop
        $with = Get-EmuMemory -Guest -VM $vm
        $with.MemTotal - $before.MemTotal | Should -Be 1GB
        $with.BlocksOnline - $before.BlocksOnline | Should -Be (1GB / $with.BlockSizeBytes)
        $blocks = Get-EmuMemory -Block -VM $vm | Where-Object DimmId -EQ dimm1
        $blocks | Should -HaveCount (1GB / $with.BlockSizeBytes)
        $blocks[0].Zones | Should -Be 'Movable'

        $result = Get-EmuDimm -VM $vm | Remove-EmuDimm -Wait -PassThru -Timeout 120 -ErrorAction Stop
        $result.Outcome | Should -Be Removed
        (Get-EmuMemory -Guest -VM $vm).MemTotal | Should -Be $before.MemTotal
        Get-EmuMemoryBackend -VM $vm | Remove-EmuMemoryBackend -ErrorAction Stop
        Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
    }

    It 'refuses to give back what its kernel uses, and says why' {
        Set-EmuGuestPolicy -VM $vm -Online Kernel
        Add-EmuDimm -Size 512MB -VM $vm -Id kernel1 -Wait -Timeout 60 -ErrorAction Stop
        Wait-EmuDimm kernel1 -VM $vm -For Online -Timeout 60 -ErrorAction Stop
        $null = Invoke-EmuGuestCommand 'mount -t tmpfs -o size=900m none /mnt; mkdir -p /mnt/d; i=0; while [ $i -lt 20000 ]; do : > /mnt/d/$i; i=$((i+1)); done' -VM $vm -Timeout 120
        $result = Remove-EmuDimm kernel1 -VM $vm -Wait -PassThru -Timeout 120 -ErrorVariable problem -ErrorAction SilentlyContinue
        if ($result.Outcome -eq 'Removed') {
            Set-ItResult -Inconclusive -Because 'the kernel happened to use nothing of it'
        }

        $problem[0].FullyQualifiedErrorId | Should -Be 'GuestRefusedUnplug,EmuPS.Commands.RemoveEmuDimmCommand'
        $result.Outcome | Should -Be Refused
        $result.OstSource | Should -Be 3
        $result.BlocksOnline | Should -Not -BeNullOrEmpty
        (Get-EmuDimm kernel1 -VM $vm).State | Should -Be Accepted
        Set-EmuGuestPolicy -VM $vm -Online Movable
    }

    It 'leaves memory offline when told so' {
        Set-EmuGuestPolicy -VM $vm -Online Offline
        (Get-EmuGuestPolicy -VM $vm).Online | Should -Be Offline
        $before = (Get-EmuMemory -Guest -VM $vm).MemTotal
        Add-EmuDimm -Size 256MB -VM $vm -Id offline1 -Wait -Timeout 60 -ErrorAction Stop
        (Get-EmuDimm offline1 -VM $vm).State | Should -Be Accepted
        (Get-EmuMemory -Guest -VM $vm).MemTotal | Should -Be $before
        { Wait-EmuDimm offline1 -VM $vm -For Online -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'DimmNotOnline,*'
        Remove-EmuDimm offline1 -VM $vm -WithBackend -Wait -Timeout 60 -ErrorAction Stop
        Set-EmuGuestPolicy -VM $vm -Online Movable
    }

    It 'keeps its DIMMs over a reset' {
        Add-EmuDimm -Size 256MB -VM $vm -Id stays1 -Slot 3 -Wait -Timeout 60 -ErrorAction Stop
        Restart-EmuVM $vm -Wait -Timeout 300 -ErrorAction Stop
        (Get-EmuDimm stays1 -VM $vm).Slot | Should -Be 3
        Wait-EmuDimm stays1 -VM $vm -For Online -Timeout 60 -ErrorAction Stop
        Remove-EmuDimm stays1 -VM $vm -Wait -Timeout 120 -ErrorAction Stop
    }

    It 'is typed to on its console' {
        $null = Receive-EmuConsole -VM $vm
        Send-EmuConsole '' -VM $vm
        Send-EmuConsole 'echo typed-$((6*7))' -VM $vm
        Receive-EmuConsole -VM $vm -Wait -Pattern 'typed-42' -Timeout 60 | Should -Contain 'typed-42'
    }

    It 'shuts down when the power button is pressed' {
        Stop-EmuVM $vm -Timeout 120 -ErrorAction Stop
        $vm.State | Should -Be Stopped
        $vm.ExitReason | Should -Be 'guest-shutdown'
    }

    It 'shuts down when it had not booted yet as the button was pressed' {
        $again = Start-EmuVM -VM $vm
        Stop-EmuVM $again -Timeout 120 -ErrorAction Stop
        $again.ExitReason | Should -Be 'guest-shutdown'
    }
}

Describe 'A Debian kernel that is still booting' -Tag Guest {
    BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') }

    It 'finds what is plugged meanwhile, and lets go of what is asked back' {
        $vm = Start-EmuVM -Memory 512MB -Slots 3 -MaxMemory 2GB -OnlinePolicy Movable -Dimm @{ Id = 'cold'; Backend = @{ Size = '256M' } }
        try {
            Remove-EmuDimm cold -VM $vm
            (Add-EmuDimm -Size 128MB -Id hot -VM $vm -Wait -Timeout 120 -PassThru -ErrorAction Stop).Outcome | Should -Be Accepted
            (Wait-EmuDimm cold -VM $vm -For Removed -Timeout 60 -PassThru -ErrorAction Stop).Outcome | Should -Be Removed
            (Get-EmuMemory -Block -VM $vm | Where-Object DimmId -EQ hot).State | Should -Be online
            (Remove-EmuDimm hot -VM $vm -Wait -Timeout 60 -PassThru -ErrorAction Stop).Outcome | Should -Be Removed
        }
        finally {
            Remove-TestVM $vm
        }
    }
}

Describe 'A Debian kernel on two typed nodes' -Tag Guest {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $null = New-EmuGuestImage -ErrorAction Stop
        $script:vm = Start-EmuVM -Memory 512MB -Slots 2 -MaxMemory 4GB -NumaNode @{ Memory = 256MB; Cpu = 0 }, @{ Memory = 256MB } -OnlinePolicy Movable -Wait -Timeout 300 -ErrorAction Stop
    }

    AfterAll { Remove-TestVM $vm }

    It 'finds the nodes, and a DIMM on the one that it names' {
        (Invoke-EmuGuestCommand 'cd /sys/devices/system/node; cat online node0/cpulist' -VM $vm).Output | Should -Be "0-1`n0"
        $total = "awk '/MemTotal/ { print `$4 }' /sys/devices/system/node/node{0}/meminfo"
        $before = foreach ($node in 0, 1) { [long](Invoke-EmuGuestCommand ($total -replace '\{0\}', $node) -VM $vm).Output }
        Add-EmuDimm -Size 256MB -Id far -Node 1 -VM $vm -Wait -Timeout 60 -ErrorAction Stop
        Wait-EmuDimm far -VM $vm -For Online -Timeout 60 -ErrorAction Stop
        $after = foreach ($node in 0, 1) { [long](Invoke-EmuGuestCommand ($total -replace '\{0\}', $node) -VM $vm).Output }
        $after[0] | Should -Be $before[0]
        $after[1] - $before[1] | Should -Be (256MB / 1KB)
        $block = (Get-EmuMemory -Block -VM $vm | Where-Object DimmId -EQ far)[0]
        (Invoke-EmuGuestCommand "ls -d /sys/devices/system/node/node1/memory$($block.Index)" -VM $vm).Output | Should -Match 'node1/memory'
    }
}
