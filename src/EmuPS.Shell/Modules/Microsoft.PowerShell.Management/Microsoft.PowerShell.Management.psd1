@{
    RootModule = '../../EmuPS.Shell.dll'
    ModuleVersion = '7.0.0.0'
    GUID = '897dc1cb-cfaa-4477-964c-66b8eea412ab'
    Author = 'The EmuPS contributors'
    Description = 'The cmdlets of Microsoft.PowerShell.Management that scripts of this repository use, as far as EmuPS.Shell implements them.'
    CompatiblePSEditions = @('Core')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
    )
}
