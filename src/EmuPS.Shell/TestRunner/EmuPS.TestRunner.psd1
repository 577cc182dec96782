@{
    RootModule = 'EmuPS.TestRunner.psm1'
    ModuleVersion = '0.1.0'
    GUID = 'c2a4d1f6-3f0b-4b57-9a0e-5d5f5b8e6a21'
    Author = 'The EmuPS contributors'
    Description = 'EmuPS.Shell test runner (Pester subset): runs the .Tests.ps1 files of this repository where Pester is not installed.'
    PowerShellVersion = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport = @(
        'Invoke-EmuTest'
        'Describe'
        'Context'
        'It'
        'BeforeDiscovery'
        'BeforeAll'
        'BeforeEach'
        'AfterEach'
        'AfterAll'
        'Should'
        'Set-ItResult'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
