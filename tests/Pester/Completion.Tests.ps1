Describe 'Tab' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'common.ps1')
        $script:name = 'tab' + [guid]::NewGuid().ToString('N').Substring(0, 8)
        $script:vm = Start-EmuVM $name -Guest Simulated -Memory 64M,slots=3,maxmem=2G -NumaNode @{ Memory = '32M'; Cpu = 0 }, @{ Memory = '32M' } -Wait -Timeout 30 -ErrorAction Stop
        Add-EmuDimm -Size 128MB -Id tabdimm -VM $vm -Slot 1 -Wait -Timeout 30 -ErrorAction Stop
        $script:off = New-TestVM
        Stop-EmuVM $off -TurnOff
        $null = New-EmuMemoryBackend tabmem 128MB -VM $vm
        $script:socket = Join-Path ([System.IO.Path]::GetTempPath()) "$name.qmp"
        $null = Start-EmuQmpServer -VM $vm -Path $socket
        $script:port = (Start-EmuQmpServer -VM $vm -Port 0).Endpoint -replace '.*:'
    }

    AfterAll {
        Remove-TestVM $vm
        Remove-TestVM $off
    }

    It 'offers <Answer> after: <Line>' -ForEach @(
        @{ Line = 'Get-EmuVM tab'; Answer = '{name}' }
        @{ Line = 'Get-EmuVM -Id '; Answer = '{id}' }
        @{ Line = 'Get-EmuVM -State '; Answer = 'Running' }
        @{ Line = 'Stop-EmuVM tab'; Answer = '{name}' }
        @{ Line = 'Wait-EmuVM {name} -For Gu'; Answer = 'GuestReady' }
        @{ Line = 'Start-EmuVM -Guest Sim'; Answer = 'Simulated' }
        @{ Line = 'Start-EmuVM -OnlinePolicy M'; Answer = 'Movable' }
        @{ Line = 'Start-EmuVM -UnplugPolicy R'; Answer = 'Refuse' }
        @{ Line = 'Start-EmuVM -PlugPolicy I'; Answer = 'Ignore' }
        @{ Line = 'Start-EmuVM -LogLevel T'; Answer = 'Trace' }
        @{ Line = 'Start-EmuVM -VM '; Answer = '{off}' }
        @{ Line = 'New-EmuMemoryBackend -Kind Me'; Answer = 'Memfd' }
        @{ Line = 'New-EmuMemoryBackend -HostPolicy B'; Answer = 'Bind' }
        @{ Line = 'Get-EmuMemoryBackend -VM {name} tab'; Answer = 'tabmem' }
        @{ Line = 'Remove-EmuMemoryBackend -VM {name} tab'; Answer = 'tabmem' }
        @{ Line = 'Add-EmuDimm -VM {name} tab'; Answer = 'tabmem' }
        @{ Line = 'Add-EmuDimm -VM {name} -Slot '; Answer = '2' }
        @{ Line = 'Add-EmuDimm -VM {name} -Node '; Answer = '1' }
        @{ Line = 'Get-EmuDimm -VM {name} tab'; Answer = 'tabdimm' }
        @{ Line = 'Get-EmuDimm -VM {name} -Slot '; Answer = '1' }
        @{ Line = 'Get-EmuDimm -State Acc'; Answer = 'Accepted' }
        @{ Line = 'Remove-EmuDimm -VM {name} tab'; Answer = 'tabdimm' }
        @{ Line = 'Wait-EmuDimm -VM {name} tab'; Answer = 'tabdimm' }
        @{ Line = 'Wait-EmuDimm tabdimm -For Se'; Answer = 'Settled' }
        @{ Line = 'Get-EmuDimmSlot -VM {name} -Slot '; Answer = '1' }
        @{ Line = 'Set-EmuGuestPolicy -VM {name} -Dimm tab'; Answer = 'tabdimm' }
        @{ Line = 'Set-EmuGuestPolicy -Unplug D'; Answer = 'Delay' }
        @{ Line = 'Get-EmuGuestPolicy -VM {name} -Dimm tab'; Answer = 'tabdimm' }
        @{ Line = 'Set-EmuGuestPolicy -Online K'; Answer = 'Kernel' }
        @{ Line = 'Get-EmuGuestImage Sim'; Answer = 'Simulated' }
        @{ Line = 'Get-EmuEvent ACPI'; Answer = 'ACPI_DEVICE_OST' }
        @{ Line = 'Wait-EmuEvent DEVICE_D'; Answer = 'DEVICE_DELETED' }
        @{ Line = 'Invoke-EmuQmpCommand -VM {name} query-memory-dev'; Answer = 'query-memory-devices' }
        @{ Line = 'Invoke-EmuMonitorCommand -VM {name} "info memory-d'; Answer = '"info memory-devices"' }
        @{ Line = 'Stop-EmuQmpServer -VM {name} -Path '; Answer = '{socket}' }
        @{ Line = 'Stop-EmuQmpServer -VM {name} -Port '; Answer = '{port}' }
        @{ Line = 'Send-EmuConsole -Key Ent'; Answer = 'Enter' }
    ) {
        $fill = { param($text) $text.Replace('{name}', $name).Replace('{id}', "$($vm.Id)").Replace('{off}', $off.Name).Replace('{socket}', $socket).Replace('{port}', $port) }
        (Get-Completion (& $fill $Line)).CompletionText | Should -Contain (& $fill $Answer)
    }

    It 'does not offer a VM that runs to be started again' {
        (Get-Completion 'Start-EmuVM -VM ').CompletionText | Should -Not -Contain $name
    }

    It 'does not offer a slot that is taken, nor a backend in use' {
        (Get-Completion "Add-EmuDimm -VM $name -Slot ").CompletionText | Should -Not -Contain '1'
        foreach ($line in "Add-EmuDimm -VM $name ", "Remove-EmuMemoryBackend -VM $name ") { (Get-Completion $line).CompletionText | Should -Be tabmem }
        (Get-Completion "Get-EmuMemoryBackend -VM $name ").CompletionText | Should -Contain mem-tabdimm
        (Get-Completion 'Remove-EmuGuestImage ').CompletionText | Should -Not -Contain Simulated
    }

    It 'knows a finite answer wherever there is one' {
        # What else takes a value takes any: sizes, times, paths, patterns, texts, new names.
        $open = 'Address', 'After', 'Align', 'Arguments', 'Byte', 'Command', 'CommandLine', 'ConsolePath', 'CpuCount', 'DebPath', 'Delay', 'Destination', 'EscapeKey',
        'Filter', 'Firmware', 'HostNode', 'HugePageSize', 'IncludePath', 'Initrd', 'InputObject', 'Kernel', 'KernelPackage', 'Last', 'LogPath', 'MaxMemory', 'Memory', 'NumaNode', 'Offset', 'OutFile',
        'Path', 'Pattern', 'Port', 'PreallocateThreads', 'QemuArgument', 'QmpPort', 'QmpSocket', 'ScriptPath', 'Size', 'Slots', 'Tail', 'Text', 'Timeout'
        $named = 'Add-EmuDimm -Id', 'New-EmuMemoryBackend -Id', 'Start-EmuVM -Name', 'Start-EmuVM -Dimm', 'New-EmuGuestImage -Name'
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $missing = foreach ($command in Get-Command -Module EmuPS) {
            foreach ($parameter in $command.Parameters.Values | Where-Object { $_.Name -notin $common -and $_.Name -notin $open }) {
                $type = $parameter.ParameterType
                if ($type.IsArray) { $type = $type.GetElementType() }
                $nullable = [System.Nullable]::GetUnderlyingType($type)
                if ($nullable) { $type = $nullable }
                $isKnown = $type.IsEnum -or $type -in [switch], [bool] -or ($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentCompleterAttribute] })
                if (-not $isKnown -and "$($command.Name) -$($parameter.Name)" -notin $named) { "$($command.Name) -$($parameter.Name)" }
            }
        }
        $missing | Should -BeNullOrEmpty
    }
}
