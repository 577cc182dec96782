@{
    RootModule = '../../EmuPS.Shell.dll'
    ModuleVersion = '7.0.0.0'
    GUID = '1a4f1608-b958-4d96-bf16-d44505e72107'
    Author = 'The EmuPS contributors'
    Description = 'The cmdlets of Microsoft.PowerShell.Utility that scripts of this repository use, as far as EmuPS.Shell implements them.'
    CompatiblePSEditions = @('Core')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Get-Date'
        'Measure-Command'
        'New-Object'
        'Read-Host'
        'Start-Sleep'
        'Write-Debug'
        'Write-Error'
        'Write-Host'
        'Write-Information'
        'Write-Output'
        'Write-Progress'
        'Write-Verbose'
        'Write-Warning'
    )
}
