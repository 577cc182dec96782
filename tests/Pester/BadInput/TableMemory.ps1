# Bad values for the cmdlets of DIMMs, backends, memory and policies. Dot-sourced by BadInput.Tests.ps1 before its discovery, after Kinds.ps1.
[System.Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingPositionalParameters', '', Justification = 'The columns of a table.')]
param()

$stoppedHasNone = 'nothing: a stopped VM holds no memory'
$filter = 'nothing: a filter that nothing passes'

Cmdlet 'Add-EmuDimm' @{ VM = '@vm'; Backend = 'free0' } {
    Row VM vm
    Row Backend backend -But @{ 'empty' = 'BackendNotSet' } -Names memdev -And @(
        Bad 'the main memory''s' 'pc.ram' 'BackendInUse'
        Bad 'one in use' 'mem-dimm0' 'BackendInUse'
        Bad 'a DIMM, whose backend is in use' '@dimm' 'BackendInUse'
    )
    Row Size size -Without Backend
    Row Id id -And (Bad 'one that is there' 'dimm0' 'DimmExists')
    Row Slot count -Zero 'DimmSlotOccupied' -But @{ 'negative' = 'taken: the first free slot, as in QEMU' } -And @(
        Bad 'negative, and not -1' (-5) 'DimmSlotOutOfRange'
        Bad 'beyond the last' 4 'DimmSlotOutOfRange'
        Bad '2^31-1' 2147483647 'DimmSlotOutOfRange'
    )
    Row Address position -Zero 'taken: the first gap, as in QEMU' -And @(
        Bad 'not aligned' 0x100000001 'DimmAddressNotAligned'
        Bad 'in the main memory' 0x200000 'DimmAddressOutOfRange'
        Bad 'occupied' 0x100000000 'AddressConflict'
        Bad '2^63-1' $huge 'DimmAddressNotAligned'
        Bad '2^63' $huger 'DimmAddressOutOfRange'
        Bad 'the last aligned' ([ulong]::MaxValue - 0x1FFFFF) 'DimmAddressOutOfRange'
    ) -Names 'memory device'
    Row Node count -Zero 'taken: the only node' -And @(
        Bad 'no such node' 1 'NumaNodeNotFound'
        Bad '2^31-1' 2147483647 'NumaNodeNotFound'
    )
    Row Wait switch
    Row Timeout seconds
    Row PassThru switch
}

Cmdlet 'Get-EmuDimm' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = $stoppedHasNone }
    Row Dimm dimm
    Row Slot count -But @{ 'negative' = $filter } -Zero 'taken: a slot' -And (Bad 'beyond the last' 4 $filter)
    Row State word
}

Cmdlet 'Remove-EmuDimm' @{ VM = '@vm'; Dimm = 'dimm0' } {
    Row VM vm
    Row Dimm dimm
    Row WithBackend switch
    Row Wait switch
    Row Timeout seconds -Zero 'taken: no waiting is asked for' -With @{ Dimm = 'nosuch*' }
    Row PassThru switch
}

Cmdlet 'Wait-EmuDimm' @{ VM = '@vm'; Dimm = 'dimm0'; Timeout = 0 } {
    Row VM vm
    Row Dimm dimm
    Row For word
    Row Timeout seconds -Zero 'taken: what is so already counts'
    Row PassThru switch
}

Cmdlet 'Get-EmuDimmSlot' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = $stoppedHasNone }
    Row Slot count -But @{ 'negative' = 'SlotNotFound' } -Zero 'taken: a slot' -And @(
        Bad 'beyond the last' 4 'SlotNotFound'
        Bad '2^31-1' 2147483647 'SlotNotFound'
    )
    Row Free switch
}

Cmdlet 'New-EmuMemoryBackend' @{ VM = '@vm'; Size = 2MB } {
    Row VM vm
    Row Id id -And (Bad 'one that is there' 'free0' 'BackendExists')
    Row Size size
    Row Kind word
    Row Path output -Errors @{ Unavailable = 'BackendFileUnavailable' } -Not 'a folder' -And @(
        Bad 'a folder, for a nameless file' '@folder' 'taken: as in QEMU'
        Bad 'a file that is too small' '@folder/file.txt' 'BackendFileTooSmall'
    ) -Names 'backing store', 'mem-path'
    Row Path own -With @{ Kind = 'Memfd' } -And (Bad 'with a kind that has none' '@folder/mem' 'UnknownParameter') -Names 'mem-path'
    Row Align position -But @{ 'zero' = 'taken: the host''s own' } -Zero 'binding' -With @{ Path = '@folder' } -And @(
        Bad 'not a power of two' 0x3000 'BackendAlignmentInvalid'
        Bad 'less than a page' 512 'BackendAlignmentInvalid'
        Bad '2^63-1' $huge 'BackendAlignmentInvalid'
        Bad '2^62' 0x4000000000000000 'HostMemoryExhausted'
    ) -Names 'backing store'
    Row Align own -And (Bad 'where there is no file' 4096 'UnknownParameter')
    Row Offset position -But @{ 'zero' = 'taken: the beginning' } -Zero 'binding' -With @{ Path = '@folder' } -And @(
        Bad 'less than a page' 512 'BackendAlignmentInvalid'
        Bad '2^63-1' $huge 'BackendAlignmentInvalid'
        Bad 'the last page' 0x7FFFFFFFFFFFF000 'HostMemoryExhausted'
    ) -Names 'backing store'
    Row Offset own -And (Bad 'where there is no file' 4096 'UnknownParameter')
    Row ReadOnly switch -And (Bad 'where there is no file' $true 'UnknownParameter')
    Row DiscardData switch -And (Bad 'where there is no file' $true 'UnknownParameter') -Names 'discard-data'
    Row HugeTlb switch -And (Bad 'where there is no memfd' $true 'UnknownParameter')
    Row HugePageSize position -With @{ Kind = 'Memfd'; HugeTlb = $true } -Not 'zero' -Zero 'binding' -And @(
        Bad 'not a power of two' 3 'BackendAlignmentInvalid'
        Bad '2^63-1' $huge 'BackendAlignmentInvalid'
        Bad '2^62' 0x4000000000000000 'HostMemoryExhausted'
    ) -Names 'hugepage', 'huge page'
    Row HugePageSize own -And (Bad 'where there is no memfd' 2MB 'UnknownParameter') -Names 'hugetlbsize'
    Row Share switch
    Row Preallocate switch
    Row PreallocateThreads count -Zero 'InvalidParameter' -Names 'prealloc-threads' -With @{ Preallocate = $true } -And @(
        Bad '2^31-1' 2147483647 'taken: the host''s number of processors is the limit'
    )
    Row Seal switch -And @(
        Bad 'null' $null 'binding'
        Bad 'where there is no memfd' $false 'UnknownParameter'
    )
    Row Merge switch -And (Bad 'null' $null 'binding')
    Row Dump switch -And (Bad 'null' $null 'binding')
    Row Reserve switch -And @(
        Bad 'null' $null 'binding'
        Bad 'where all pages are to be filled' $false 'taken: nothing is filled here'
    )
    Row HostNode count -Not 'an empty array' -Zero 'taken: a node' -With @{ HostPolicy = 'Preferred' } -And @(
        Bad 'beyond the last that there can be' 128 'InvalidParameter'
        Bad '2^16' 65536 'binding'
    ) -Names 'host-nodes'
    Row HostNode own -And (Bad 'without a policy' 0 'BackendOptionsConflict') -Names 'host-nodes'
    Row HostPolicy word -And (Bad 'one that needs nodes' 'Bind' 'BackendOptionsConflict') -Names 'policy'
}

Cmdlet 'Get-EmuMemoryBackend' @{ VM = '@vm' } {
    Row VM vm -But @{ 'a stopped VM' = $stoppedHasNone }
    Row Backend backend
    Row Unused switch
    Row IncludeMain switch
}

Cmdlet 'Remove-EmuMemoryBackend' @{ VM = '@vm'; Backend = 'free0' } {
    Row VM vm
    Row Backend backend -And @(
        Bad 'the main memory''s' 'pc.ram' 'BackendInUse'
        Bad 'one in use' 'mem-dimm0' 'BackendInUse'
        Bad 'a DIMM, whose backend is in use' '@dimm' 'BackendInUse'
    )
}

Cmdlet 'Get-EmuMemory' @{ VM = '@vm' } {
    Row VM vm
    Row Guest switch
    Row Block switch -And (Bad 'of a guest that has no blocks' $true 'GuestHasNoAgent') -Names 'simulated'
}

Cmdlet 'Show-EmuMemory' @{ VM = '@vm' } {
    Row VM vm
    Row Watch switch
    Row OutFile output -But @{
        'in a folder that is not there' = 'InvalidArgument'
        'below a file' = 'InvalidArgument'
        'a folder' = 'InvalidArgument'
        'very long' = 'InvalidArgument'
    } -And @(
        Bad 'no picture' '@folder/x.bmp' 'InvalidArgument'
        Bad 'in a folder that is not there, a picture' '@folder/nosuch/x.svg' 'FileUnavailable'
        Bad 'below a file, a picture' '@folder/file.txt/x.svg' 'FileUnavailable'
        Bad 'very long, a picture' "@folder/$long.html" 'FileUnavailable'
    )
}

Cmdlet 'Get-EmuGuestPolicy' @{ VM = '@vm' } {
    Row VM vm
    Row Dimm dimm
}

Cmdlet 'Set-EmuGuestPolicy' @{ VM = '@vm'; Unplug = 'Refuse' } {
    Row VM vm
    Row Dimm dimm
    Row Online word -And (Bad 'of a guest that has no choice' 'Movable' 'GuestIsSimulated') -Names 'simulated'
    Row Plug word
    Row Unplug word
    Row Delay seconds -But @{ 'beyond the longest' = 'binding' }
    Row PassThru switch
}
