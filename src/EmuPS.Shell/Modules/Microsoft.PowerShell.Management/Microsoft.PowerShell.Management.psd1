@{
    RootModule = '../../EmuPS.Shell.Management.dll'
    ModuleVersion = '7.0.0.0'
    GUID = '897dc1cb-cfaa-4477-964c-66b8eea412ab'
    Author = 'The EmuPS contributors'
    Description = 'The cmdlets of Microsoft.PowerShell.Management that scripts of this repository use, as far as EmuPS.Shell implements them.'
    CompatiblePSEditions = @('Core')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Add-Content'
        'Convert-Path'
        'Copy-Item'
        'Get-ChildItem'
        'Get-Content'
        'Get-Item'
        'Get-Location'
        'Join-Path'
        'Move-Item'
        'New-Item'
        'Pop-Location'
        'Push-Location'
        'Remove-Item'
        'Rename-Item'
        'Resolve-Path'
        'Set-Content'
        'Set-Location'
        'Split-Path'
        'Test-Path'
    )
}
