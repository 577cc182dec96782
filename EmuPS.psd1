@{
    RootModule = 'Module/bin/EmuPS.dll'
    ModuleVersion = '0.2.0'
    GUID = '8ec9a61f-31da-4a21-a8d6-70b7b49d326a'
    Author = 'The EmuPS contributors'
    CompanyName = 'EmuPS'
    Copyright = '(c) The EmuPS contributors. MIT licence.'
    Description = 'A real x86-64 PC inside the PowerShell process, with memory hotplug as QEMU does it: backends, DIMM slots, plug, guest acknowledgement, unplug, eject.'
    PowerShellVersion = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess = @('Module/EmuPS.Format.ps1xml')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Start-EmuVM'
        'Get-EmuVM'
        'Wait-EmuVM'
        'Stop-EmuVM'
        'Remove-EmuVM'
        'Suspend-EmuVM'
        'Resume-EmuVM'
        'Restart-EmuVM'
        'New-EmuMemoryBackend'
        'Get-EmuMemoryBackend'
        'Remove-EmuMemoryBackend'
        'Add-EmuDimm'
        'Get-EmuDimm'
        'Remove-EmuDimm'
        'Wait-EmuDimm'
        'Get-EmuDimmSlot'
        'Get-EmuMemory'
        'Show-EmuMemory'
        'Get-EmuConsole'
        'Receive-EmuConsole'
        'Send-EmuConsole'
        'Enter-EmuConsole'
        'Invoke-EmuGuestCommand'
        'Copy-EmuGuestFile'
        'Get-EmuGuestPolicy'
        'Set-EmuGuestPolicy'
        'New-EmuGuestImage'
        'Get-EmuGuestImage'
        'Remove-EmuGuestImage'
        'Start-EmuQmpServer'
        'Get-EmuQmpServer'
        'Stop-EmuQmpServer'
        'Invoke-EmuQmpCommand'
        'Invoke-EmuMonitorCommand'
        'Get-EmuEvent'
        'Wait-EmuEvent'
    )
    # build.ps1 -Task Pack fills in what ships, the newest part of CHANGELOG.md, and ProjectUri.
    FileList = @()
    PrivateData = @{
        PSData = @{
            Prerelease = 'preview'
            LicenseUri = 'https://opensource.org/license/mit'
            ReleaseNotes = ''
            Tags = @('Emulator', 'VirtualMachine', 'x86-64', 'QEMU', 'MemoryHotplug', 'DIMM', 'ACPI', 'QMP', 'Testing', 'PSEdition_Core', 'Windows', 'Linux')
        }
    }
}
