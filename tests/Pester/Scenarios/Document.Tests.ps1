# QEMU's document on memory hotplug, line by line, through the three doors. Its folders of huge pages are ordinary ones here.
Describe 'The commands of QEMU''s memory hotplug document' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:pages1G = (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'hugepages-1GB')).FullName
        $script:pages2M = (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'hugepages-2MB')).FullName

        # qemu [...] -m 1G,slots=3,maxmem=4G
        function Open-DocumentVM { Start-EmuVM -Guest Simulated -QemuArgument '-m 1G,slots=3,maxmem=4G' -Wait -Timeout 30 -ErrorAction Stop }

        function Assert-Plugged {
            param($VM)
            Wait-EmuDimm dimm1 -VM $VM -For Accepted -Timeout 30 -ErrorAction Stop
            $dimm = Get-EmuDimm -VM $VM
            $dimm.DimmId | Should -Be 'dimm1'
            $dimm.BackendId | Should -Be 'mem1'
            $dimm.Slot | Should -Be 0
            (Get-EmuMemory -VM $VM).TotalBytes | Should -Be 2GB
        }

        function Assert-Gone {
            param($VM)
            Get-EmuDimm -VM $VM | Should -BeNullOrEmpty
            Get-EmuMemoryBackend -VM $VM | Should -BeNullOrEmpty
        }
    }

    It 'work as cmdlets' {
        $vm = Start-EmuVM -Guest Simulated -Memory 1GB -Slots 3 -MaxMemory 4GB -Wait -Timeout 30 -ErrorAction Stop
        New-EmuMemoryBackend mem1 1GB -VM $vm -ErrorAction Stop
        Add-EmuDimm mem1 -Id dimm1 -VM $vm -ErrorAction Stop
        Assert-Plugged $vm
        Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30 -ErrorAction Stop
        Remove-EmuMemoryBackend mem1 -VM $vm -ErrorAction Stop
        Assert-Gone $vm

        New-EmuMemoryBackend mem1 1GB -Path $pages1G -VM $vm -ErrorAction Stop
        Add-EmuDimm mem1 -Id dimm1 -VM $vm -ErrorAction Stop
        Assert-Plugged $vm
        Remove-TestVM $vm
    }

    It 'work as lines of the monitor' {
        $vm = Open-DocumentVM
        Invoke-EmuMonitorCommand 'object_add memory-backend-ram,id=mem1,size=1G' -VM $vm | Should -BeNullOrEmpty
        Invoke-EmuMonitorCommand 'device_add pc-dimm,id=dimm1,memdev=mem1' -VM $vm | Should -BeNullOrEmpty
        Assert-Plugged $vm
        Invoke-EmuMonitorCommand 'device_del dimm1' -VM $vm | Should -BeNullOrEmpty
        Wait-EmuDimm dimm1 -VM $vm -For Removed -Timeout 30 -ErrorAction Stop
        Invoke-EmuMonitorCommand 'object_del mem1' -VM $vm | Should -BeNullOrEmpty
        Assert-Gone $vm

        Invoke-EmuMonitorCommand "object_add memory-backend-file,id=mem1,size=1G,mem-path=$pages1G" -VM $vm | Should -BeNullOrEmpty
        Invoke-EmuMonitorCommand 'device_add pc-dimm,id=dimm1,memdev=mem1' -VM $vm | Should -BeNullOrEmpty
        Assert-Plugged $vm
        Remove-TestVM $vm
    }

    It 'say what they say on QEMU when the guest has not let go' {
        $vm = Open-DocumentVM
        Suspend-EmuVM $vm
        'object_add memory-backend-ram,id=mem1,size=1G', 'device_add pc-dimm,id=dimm1,memdev=mem1', 'device_del dimm1' | Invoke-EmuMonitorCommand -VM $vm | Should -BeNullOrEmpty
        Invoke-EmuMonitorCommand 'object_del mem1' -VM $vm | Should -Be 'Error: object ''mem1'' is in use, can not be deleted'
        Remove-TestVM $vm
    }

    It 'work as messages on the QMP socket' -Skip:($IsWindows) {
        $path = Join-Path $TestDrive 'qmp.sock'
        $vm = Start-EmuVM -Guest Simulated -QemuArgument "-m 1G,slots=3,maxmem=4G -qmp unix:$path,server=on,wait=off" -Wait -Timeout 30 -ErrorAction Stop
        $socket = [System.Net.Sockets.Socket]::new([System.Net.Sockets.AddressFamily]::Unix, [System.Net.Sockets.SocketType]::Stream, [System.Net.Sockets.ProtocolType]::Unspecified)
        $socket.ReceiveTimeout = 30000
        $socket.Connect([System.Net.Sockets.UnixDomainSocketEndPoint]::new($path))
        $stream = [System.Net.Sockets.NetworkStream]::new($socket, $true)
        $reader = [System.IO.StreamReader]::new($stream)

        # Sends a message and gives the reply; with -Until, reads on to an event.
        function Send-Qmp {
            param([string] $Message, [string] $Until)
            $bytes = [System.Text.Encoding]::UTF8.GetBytes($Message)
            $stream.Write($bytes, 0, $bytes.Length)
            $seen = @()
            $reply = $null
            while ($null -eq $reply -or ($Until -and -not ($seen -match "`"event`": `"$Until`""))) {
                $line = $reader.ReadLine()
                $seen += $line
                if ($line -notmatch '"event"') { $reply = $line }
            }
            $reply
        }

        $reader.ReadLine() | Should -Match '"QMP"'
        Send-Qmp '{"execute": "qmp_capabilities"}' | Should -Be '{"return": {}}'
        Send-Qmp '{"execute": "object-add", "arguments": {"qom-type": "memory-backend-ram", "id": "mem1", "size": 1073741824}}' | Should -Be '{"return": {}}'
        Send-Qmp '{"execute": "device_add", "arguments": {"driver": "pc-dimm", "id": "dimm1", "memdev": "mem1"}}' -Until ACPI_DEVICE_OST | Should -Be '{"return": {}}'
        Assert-Plugged $vm
        Send-Qmp '{"execute": "device_del", "arguments": {"id": "dimm1"}}' -Until DEVICE_DELETED | Should -Be '{"return": {}}'
        Send-Qmp '{"execute": "object-del", "arguments": {"id": "mem1"}}' | Should -Be '{"return": {}}'
        Assert-Gone $vm

        $message = @{ execute = 'object-add'; arguments = @{ 'qom-type' = 'memory-backend-file'; id = 'mem1'; size = 1GB; 'mem-path' = $pages1G } } | ConvertTo-Json -Compress
        Send-Qmp $message | Should -Be '{"return": {}}'
        Send-Qmp '{"execute": "device_add", "arguments": {"driver": "pc-dimm", "id": "dimm1", "memdev": "mem1"}}' -Until ACPI_DEVICE_OST | Should -Be '{"return": {}}'
        Assert-Plugged $vm
        $stream.Dispose()
        Remove-TestVM $vm
    }

    It 'start its guest of 6 GiB, two DIMMs from files and two free slots' {
        $line = @"
-m 6G,slots=4,maxmem=10G \
-object memory-backend-file,id=mem1,size=1G,mem-path=$pages1G \
-device pc-dimm,id=dimm1,memdev=mem1 \
-object memory-backend-file,id=mem2,size=256M,mem-path=$pages2M \
-device pc-dimm,id=dimm2,memdev=mem2
"@
        $vm = Start-EmuVM -Guest Simulated -QemuArgument $line -Wait -Timeout 30 -ErrorAction Stop
        $typed = Start-EmuVM -Guest Simulated -Memory 6GB -Slots 4 -MaxMemory 10GB -Wait -Timeout 30 -ErrorAction Stop -Dimm @(
            @{ Id = 'dimm1'; Backend = @{ Id = 'mem1'; Size = 1GB; Path = $pages1G } }
            @{ Id = 'dimm2'; Backend = @{ Id = 'mem2'; Size = 256MB; Path = $pages2M } })
        foreach ($one in $vm, $typed) {
            $dimms = Get-EmuDimm -VM $one
            $dimms.DimmId | Should -Be 'dimm1', 'dimm2'
            $dimms.SizeBytes | Should -Be 1GB, 256MB
            $dimms.Hotplugged | Should -Be $false, $false
            (Get-EmuDimmSlot -VM $one -Free).Slot | Should -Be 2, 3
            1..2 | ForEach-Object { Add-EmuDimm -Size 1GB -VM $one -Wait -Timeout 30 -ErrorAction Stop }
            (Get-EmuMemory -VM $one).TotalBytes | Should -Be (6GB + 1GB + 256MB + 2GB)
        }

        $vm, $typed | ForEach-Object { Remove-TestVM $_ }
    }

    It 'refuse -m 6GB as the document writes it, in QEMU''s words' {
        { Start-EmuVM -Guest Simulated -QemuArgument '-m 6GB,slots=4,maxmem=10G' -ErrorAction Stop } | Should -Throw -ExpectedMessage "*Parameter 'size' expects a non-negative number below 2^64*"
    }
}
