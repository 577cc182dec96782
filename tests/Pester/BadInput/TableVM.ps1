# Bad values for the cmdlets of VMs, guests, consoles, events and monitors. Dot-sourced by BadInput.Tests.ps1 before its discovery, after Kinds.ps1.
[System.Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingPositionalParameters', '', Justification = 'The columns of a table.')]
param()

$keeps = 'taken: a stopped VM keeps its console and its events'
$words = 'taken: the monitor answers in words, as QEMU''s does'

Cmdlet 'Start-EmuVM' @{ Name = '@prefix'; Guest = 'Simulated'; Memory = '64MB'; Slots = 4; MaxMemory = '4GB' } {
    Row Name own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'InvalidVMName'
        Bad 'a number' 5 'InvalidVMName'
        Bad 'a wildcard' 'a*' 'InvalidVMName'
        Bad 'odd characters' $odd 'InvalidVMName'
        Bad 'a line end behind it' "a`n" 'InvalidVMName'
        Bad 'a letter more than the longest' ('a' * 65) 'InvalidVMName'
        Bad 'very long' $long 'InvalidVMName'
        Bad 'that of a VM that runs' '@vm' 'VMNameInUse'
    )
    Row Memory own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'InvalidSize'
        Bad 'a text' 'abc' 'InvalidSize'
        Bad 'zero' 0 'SizeTooSmall'
        Bad 'too small' 512 'SizeTooSmall'
        Bad 'negative' (-1) 'InvalidSize'
        Bad 'a fraction of a byte' 1.5 'InvalidSize'
        Bad '2^63-1' $huge 'InvalidMemoryConfiguration'
        Bad '2^64' '18446744073709551616' 'InvalidSize'
        Bad 'more than the maximum' 8GB 'InvalidMemoryConfiguration'
        Bad 'an unknown option' '1G,nosuch=3' 'UnknownParameter'
        Bad 'an option without a value' '1G,slots' 'InvalidParameter'
        Bad 'a hashtable' @{ a = 1 } 'binding'
        Bad 'a VM' '@vm' 'binding'
        Bad 'null in an array' @($null) 'binding'
    ) -Names 'maxmem'
    Row Slots count -Zero 'taken: none' -And (Bad 'beyond the most' 257 'TooManyDimmSlots') -Names 'slots'
    Row MaxMemory size -But @{ 'zero' = 'InvalidMemoryConfiguration'; 'negative' = 'binding'; 'the most negative' = 'binding'; '2^63-1' = 'AddressSpaceTooSmall' } -Names 'maxmem'
    Row CpuCount count -Zero 'binding' -And (Bad 'beyond the most' 17 'binding')
    Row NumaNode own -And @(
        Bad 'null' $null 'binding'
        Bad 'null in an array' @($null) 'binding'
        Bad 'a text' 'nosuch' 'binding'
        Bad 'a number' 5 'binding'
        Bad 'an unknown key' @{ Nosuch = 1 } 'binding'
        Bad 'a negative memory' @{ Memory = -1 } 'binding'
        Bad 'no memory' @{ Memory = 0 } 'InvalidNumaConfiguration'
        Bad 'half the memory' @{ Memory = '32MB' } 'InvalidNumaConfiguration'
        Bad 'a memory of 2^63-1' @{ Memory = $huge } 'InvalidNumaConfiguration'
        Bad 'a negative processor' @{ Memory = '64MB'; Cpu = -1 } 'InvalidNumaConfiguration'
        Bad 'a processor that is not there' @{ Memory = '64MB'; Cpu = 99 } 'InvalidNumaConfiguration'
        Bad 'null as processors' @{ Memory = '64MB'; Cpu = $null } 'taken: no processors'
    ) -Names 'NUMA', 'CPU index'
    Row Dimm own -And @(
        Bad 'null' $null 'binding'
        Bad 'null in an array' @($null) 'binding'
        Bad 'a number' 5 'UnknownType'
        Bad 'empty' '' 'MissingParameter'
        Bad 'no device' 'nosuch' 'UnknownType'
        Bad 'an option that describes no DIMM' '-m 1G' 'InvalidArgument'
        Bad 'an option without a value' '-device' 'MissingParameter'
        Bad 'a DIMM without a backend' 'pc-dimm,id=x' 'BackendNotSet'
        Bad 'an unknown key' @{ Nosuch = 1 } 'binding'
        Bad 'no size' @{ Id = 'x' } 'InvalidSize'
        Bad 'no size in the backend' @{ Backend = @{ Id = 'x' } } 'InvalidSize'
        Bad 'null as a backend' @{ Backend = $null } 'InvalidSize'
        Bad 'a negative size' @{ Size = -1 } 'binding'
        Bad 'too small' @{ Size = 5 } 'SizeTooSmall'
        Bad 'a size of 2^63-1' @{ Size = $huge } 'HostMemoryExhausted'
        Bad 'a size of 2^64' @{ Size = $hugest } 'binding'
        Bad 'no identifier' @{ Id = '1 2'; Size = '2M' } 'InvalidIdentifier'
        Bad 'twice the same' @(@{ Id = 'a'; Size = '2M' }, @{ Id = 'a'; Size = '2M' }) 'BackendExists'
        Bad 'a slot beyond the last' @{ Size = '2M'; Slot = 4 } 'DimmSlotOutOfRange'
        Bad 'a negative slot' @{ Size = '2M'; Slot = -5 } 'DimmSlotOutOfRange'
        Bad 'an address that is not aligned' @{ Size = '2M'; Address = 1 } 'DimmAddressNotAligned'
        Bad 'a negative node' @{ Size = '2M'; Node = -1 } 'binding'
        Bad 'a node that is not there' @{ Size = '2M'; Node = 7 } 'NumaNodeNotFound'
        Bad 'a backend that is not there' @{ Backend = 'nosuch' } 'BackendNotFound'
        Bad 'a backend of text without a size' @{ Backend = 'memory-backend-ram,id=x' } 'MissingParameter'
        Bad 'a file in a folder that is not there' @{ Backend = @{ Size = '2M'; Path = '@folder/nosuch/x' } } 'BackendFileUnavailable'
        Bad 'another provider''s path' @{ Backend = @{ Size = '2M'; Path = 'Env:PATH' } } 'InvalidPath'
        Bad 'an alignment where there is no file' @{ Backend = @{ Size = '2M'; Align = 4096 } } 'UnknownParameter'
    ) -Names 'memdev', 'guest memory', 'identifier', 'object', 'slot number', 'address', '-device', 'backing store', 'align', "'Env:PATH'", "'nosuch'", "'size'"
    Row Guest name -Errors @{ NotFound = 'InvalidGuestImageName' } -Not 'null in an array' -But @{
        'empty' = 'InvalidGuestImageName'
        'no such name' = 'GuestImageNotFound'
        'a number' = 'GuestImageNotFound'
        'a wildcard without match' = 'InvalidGuestImageName'
        'a broken wildcard' = 'InvalidGuestImageName'
        'another broken wildcard' = 'InvalidGuestImageName'
    } -And @(
        Bad 'a hashtable' @{ a = 1 } 'binding'
        Bad 'a VM' '@vm' 'binding'
    )
    Row Firmware input -Without Guest -Errors @{ Unavailable = 'FirmwareUnavailable' } -And (Bad 'no ROM' '@folder/file.txt' 'FirmwareNotRecognized')
    Row Kernel input -Without Guest -Errors @{ Unavailable = 'KernelUnavailable' } -And (Bad 'no kernel' '@folder/file.txt' 'KernelNotRecognized')
    Row Initrd input -Without Guest -With @{ Kernel = '@folder/file.txt' } -Errors @{ Unavailable = 'InitrdUnavailable' }
    Row CommandLine own -And @(
        Bad 'null' $null 'taken: no words, as without it'
        Bad 'empty' '' 'taken: no words, as without it'
        Bad 'an array' @('a', 'b') 'binding'
    )
    Row OnlinePolicy word
    Row OnPanic word
    Row UnplugPolicy word
    Row PlugPolicy word
    Row Suspended switch
    Row QmpSocket output -Errors @{ Unavailable = 'QmpSocketUnavailable' } -And (Bad 'a file that is no socket' '@folder/file.txt' 'QmpSocketUnavailable')
    Row QmpPort count -Zero 'taken: any free port' -And (Bad '2^16' 65536 'binding')
    Row QemuArgument own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'an empty array' @() 'binding'
        Bad 'null in an array' @('-S', $null) 'binding'
        Bad 'no option' 'nosuch' 'UnknownOption'
        Bad 'a wildcard' '*' 'UnknownOption'
        Bad 'odd characters' $odd 'InvalidParameter'
        Bad 'very long' $long 'UnknownOption'
        Bad 'a quotation mark that is not closed' '-name "a' 'InvalidParameter'
        Bad 'an option without a value' '-m' 'MissingParameter'
        Bad 'a size that is none' '-m abc' 'InvalidSize'
    ) -Names 'quotation mark', 'option', '-m'
    Row ConsolePath output
    Row LogPath output -Errors @{ Unavailable = 'LogFileUnavailable' }
    Row LogLevel word
    Row Foreground switch
    Row VM vm -Without Name, Guest, Memory, Slots, MaxMemory -Not 'a stopped VM' -And (Bad 'one that runs' '@vm' 'VMAlreadyRunning')
    Row Wait switch
    Row Timeout seconds -Zero 'taken: nothing is waited for'
}

Cmdlet 'Get-EmuVM' @{} {
    Row Name name
    Row Id count -Zero 'VMNotFound' -But @{ 'negative' = 'VMNotFound' } -And (Bad 'no such id' 999999 'VMNotFound')
    Row State word
}

Cmdlet 'Wait-EmuVM' @{ VM = '@vm'; Timeout = 0 } {
    Row VM vm -But @{ 'a stopped VM' = 'VMEnded' }
    Row For word
    Row Timeout seconds -Zero 'taken: what is so already counts'
    Row PassThru switch
}

Cmdlet 'Stop-EmuVM' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = 'nothing: it is as it was wanted' }
    Row TurnOff switch
    Row Timeout seconds -Not 'zero', 'empty, which PowerShell reads as 0'
    Row PassThru switch
}

Cmdlet 'Remove-EmuVM' @{ VM = '@vm' } {
    Row VM vm -Not 'a stopped VM' -And (Bad 'one that runs' '@vm' 'VMStillRunning')
    Row Force switch
}

foreach ($name in 'Suspend-EmuVM', 'Resume-EmuVM') {
    Cmdlet $name @{ VM = '@vm' } {
        Row VM vm
        Row PassThru switch
    }
}

Cmdlet 'Restart-EmuVM' @{ VM = '@vm' } {
    Row VM vm
    Row Wait switch
    Row Timeout seconds -Zero 'taken: nothing is waited for'
    Row PassThru switch
}

Cmdlet 'Enter-EmuConsole' @{ VM = '@vm' } {
    Row VM vm
    Row EscapeKey own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'two letters' 'ab' 'binding'
        Bad 'a digit' '1' 'InvalidArgument'
        Bad 'not ASCII' "`u{fc}" 'InvalidArgument'
        Bad 'a number' 300 'InvalidArgument'
        Bad 'negative' (-1) 'binding'
        Bad 'a hashtable' @{ a = 1 } 'binding'
        Bad 'one that is, but there is no terminal' ']' 'TerminalRequired'
    ) -Names 'terminal'
}

Cmdlet 'Get-EmuConsole' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = $keeps }
    Row Tail count -Zero 'nothing: no lines are wanted'
    Row Pattern pattern
    Row Raw switch
    Row Wait switch
}

Cmdlet 'Receive-EmuConsole' @{ VM = '@vm'; Keep = $true; Timeout = 0 } {
    Row VM vm -But @{ 'a stopped VM' = $keeps }
    Row Pattern pattern
    Row Pattern own -With @{ Wait = $true } -And (Bad 'what never comes' 'nosuch' 'ConsoleTimeout')
    Row Timeout seconds -Zero 'taken: nothing is waited for'
    Row Wait switch
    Row Keep switch
    Row Raw switch
}

Cmdlet 'Send-EmuConsole' @{ VM = '@vm'; Text = 'x' } {
    Row VM vm
    Row Text own -And @(
        Bad 'null' $null 'binding'
        Bad 'an empty array' @() 'binding'
        Bad 'null in an array' @($null) 'binding'
        Bad 'empty' '' 'taken: Enter alone'
    )
    Row NoNewline switch
    Row Key word -Without Text
    Row Byte count -Without Text -And (Bad '256' 256 'binding')
}

Cmdlet 'Invoke-EmuGuestCommand' @{ VM = '@vm'; Command = 'true' } {
    Row VM vm
    Row Command own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'an array' @('a', 'b') 'binding'
        Bad 'of a guest without a shell' 'true' 'GuestHasNoAgent'
    ) -Names 'simulated'
    Row ScriptPath input -Without Command
    Row InputObject own -And @(
        Bad 'null, an empty line' $null 'GuestHasNoAgent'
        Bad 'empty' '' 'GuestHasNoAgent'
        Bad 'an empty array' @() 'GuestHasNoAgent'
        Bad 'a hashtable, as text' @{ a = 1 } 'GuestHasNoAgent'
    ) -Names 'simulated'
    Row Timeout seconds -Zero 'GuestHasNoAgent' -Names 'simulated'
    Row Raw switch
    Row Stream switch
    Row IgnoreExitCode switch
}

Cmdlet 'Copy-EmuGuestFile' @{ VM = '@vm'; ToGuest = $true; Path = '@folder/file.txt'; Destination = '/root/x' } {
    Row VM vm
    Row ToGuest switch
    Row FromGuest switch -Without ToGuest
    Row Path input -And (Bad 'null in an array' @($null) 'binding')
    Row Path own -Without ToGuest -With @{ FromGuest = $true; Destination = '@folder' } -And @(
        Bad 'blank in the guest' '  ' 'InvalidPath'
        Bad 'a null character in the guest' "a`0b" 'InvalidPath'
    )
    Row Destination own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'InvalidPath'
        Bad 'a null character' "a`0b" 'InvalidPath'
        Bad 'of a guest without a shell' '/root/x' 'GuestHasNoAgent'
    ) -Names 'simulated'
    Row Destination output -Without ToGuest -With @{ FromGuest = $true; Path = '/root/x' } -Not 'a folder' -But @{ 'very long' = 'GuestHasNoAgent' } -Names 'simulated'
    Row Timeout seconds -Zero 'GuestHasNoAgent' -Names 'simulated'
}

Cmdlet 'Get-EmuGuestImage' @{} {
    Row Name name -Errors @{ NotFound = 'GuestImageNotFound' }
}

Cmdlet 'New-EmuGuestImage' @{ Name = 'bad'; DebPath = '@folder/file.txt' } {
    Row Name own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'InvalidGuestImageName'
        Bad 'a path' '../x' 'InvalidGuestImageName'
        Bad 'a wildcard' 'a*' 'InvalidGuestImageName'
        Bad 'odd characters' $odd 'InvalidGuestImageName'
        Bad 'very long' $long 'InvalidGuestImageName'
    )
    Row DebPath input -Errors @{ Unavailable = 'PackageUnreadable' } -And @(
        Bad 'null in an array' @($null) 'binding'
        Bad 'no package' '@folder/file.txt' 'PackageUnreadable'
    )
    Row KernelPackage own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'KernelPackageNotFound'
        Bad 'an option of apt' '-oX=y' 'KernelPackageNotFound'
        Bad 'odd characters' $odd 'KernelPackageNotFound'
    )
    Row IncludePath input -Errors @{ Unavailable = 'IncludePathNotFound' } -Not 'a folder' -And (Bad 'null in an array' @($null) 'binding')
    Row Force switch
}

Cmdlet 'Remove-EmuGuestImage' @{ Name = 'nosuch*' } {
    Row Name name -Errors @{ NotFound = 'GuestImageNotFound' } -And (Bad 'the one that is built in' 'Simulated' 'GuestImageIsBuiltIn')
}

Cmdlet 'Get-EmuEvent' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = $keeps }
    Row Name name -Errors @{ NotFound = 'nothing: events of that name may come' }
    Row After position -And @(
        Bad '2^63-1' $huge 'nothing: no event has come so far'
        Bad '2^63' $huger 'binding'
    )
    Row Last count -Zero 'nothing: no events are wanted'
    Row Wait switch
}

Cmdlet 'Wait-EmuEvent' @{ VM = '@vm'; Timeout = 0 } {
    Row VM vm -But @{ 'a stopped VM' = 'MachineEnded' } -Names 'machine'
    Row Name name -Errors @{ NotFound = 'EventTimeout' } -But @{ 'a wildcard without match' = 'EventTimeout' }
    Row After position -Zero 'taken: an event that came already' -Names 'happened' -And @(
        Bad '2^63-1' $huge 'EventTimeout'
        Bad '2^63' $huger 'binding'
    )
    Row Filter own -And @(
        Bad 'null' $null 'binding'
        Bad 'a text' 'nosuch' 'binding'
        Bad 'a number' 5 'binding'
        Bad 'what lets nothing pass' { $false } 'EventTimeout'
    ) -Names 'happened'
    Row Timeout seconds -Zero 'EventTimeout' -Names 'happened'
}

Cmdlet 'Start-EmuQmpServer' @{ VM = '@vm'; Path = '@folder/qmp' } {
    Row VM vm
    Row Path output -Errors @{ Unavailable = 'QmpSocketUnavailable' } -And (Bad 'a file that is no socket' '@folder/file.txt' 'QmpSocketUnavailable')
    Row Port count -Without Path -Zero 'taken: any free port' -And (Bad '2^16' 65536 'binding')
    Row Address own -Without Path -With @{ Port = 0 } -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'a name' 'nosuch' 'InvalidArgument'
        Bad 'a wildcard' '127.0.0.*' 'InvalidArgument'
        Bad 'odd characters' $odd 'InvalidArgument'
        Bad 'very long' $long 'InvalidArgument'
        Bad 'one that others can reach' '0.0.0.0' 'QmpSocketUnavailable'
    )
    Row Address own -Without Path -With @{ Port = 0; AllowRemote = $true } -And (Bad 'one that is not this host''s' '192.0.2.1' 'QmpSocketUnavailable')
    Row AllowRemote switch -Without Path -With @{ Port = 0 }
}

Cmdlet 'Get-EmuQmpServer' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = 'nothing: its servers ended with it' }
}

Cmdlet 'Stop-EmuQmpServer' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = 'nothing: its servers ended with it' }
    Row Path output -Errors @{ Unavailable = 'QmpServerNotFound' } -But @{ 'null' = 'InvalidArgument'; 'empty' = 'InvalidArgument' } -And @(
        Bad 'a server that is not there' '@folder/nosuch' 'QmpServerNotFound'
    )
    Row Port count -But @{ 'null' = 'InvalidArgument'; 'negative' = 'QmpServerNotFound' } -Zero 'QmpServerNotFound' -And @(
        Bad '2^31-1' 2147483647 'QmpServerNotFound'
    )
}

Cmdlet 'Invoke-EmuQmpCommand' @{ VM = '@vm'; Command = 'query-status' } {
    Row VM vm
    Row Command own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'blank' '  ' 'Qmp.CommandNotFound'
        Bad 'no command' 'nosuch' 'Qmp.CommandNotFound'
        Bad 'a wildcard' 'query-*' 'Qmp.CommandNotFound'
        Bad 'odd characters' $odd 'Qmp.CommandNotFound'
        Bad 'very long' $long 'Qmp.CommandNotFound'
    )
    Row Arguments own -And @(
        Bad 'null' $null 'binding'
        Bad 'a text' 'nosuch' 'binding'
        Bad 'a number' 5 'binding'
        Bad 'an argument too many' @{ nosuch = 1 } 'Qmp.GenericError'
        Bad 'one that holds itself' '@cycle' 'InvalidArgument'
        Bad 'empty' @{} 'taken: no arguments'
    ) -Names "'nosuch'"
    Row Arguments own -With @{ Command = 'device_del' } -And @(
        Bad 'a mandatory one missing' @{} 'Qmp.GenericError'
        Bad 'null in it' @{ id = $null } 'Qmp.GenericError'
        Bad 'another type' @{ id = 5 } 'Qmp.GenericError'
        Bad 'a device that is not there' @{ id = 'nosuch' } 'Qmp.DeviceNotFound'
    ) -Names "'id'", "'nosuch'"
    Row Json switch
}

Cmdlet 'Invoke-EmuMonitorCommand' @{ VM = '@vm'; CommandLine = 'info status' } {
    Row VM vm
    Row CommandLine own -And @(
        Bad 'null' $null 'binding'
        Bad 'empty' '' 'binding'
        Bad 'an empty array' @() 'binding'
        Bad 'null in an array' @($null) 'binding'
        Bad 'blank' '  ' 'nothing: an empty line, as in QEMU'
        Bad 'no command' 'nosuch' $words
        Bad 'an argument missing' 'device_del' $words
        Bad 'a device that is not there' 'device_del nosuch' $words
        Bad 'odd characters' $odd $words
        Bad 'very long' $long $words
    )
}
