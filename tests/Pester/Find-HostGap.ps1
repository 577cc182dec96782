# Walks the syntax trees of build.ps1, the examples and the tests, and emits a line per command or parameter that this host
# lacks. Runs in EmuPS.Shell; Shell.Tests.ps1 starts it.
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Root)

$ErrorActionPreference = 'Stop'
$language = 'System.Management.Automation.Language'
Import-Module (Join-Path $PSScriptRoot '../../src/EmuPS.Shell/TestRunner/EmuPS.TestRunner.psd1')

# Reached with Pester, PlatyPS or PSScriptAnalyzer in pwsh only.
$pesterOnly = 'Invoke-Pester', 'New-PesterConfiguration', 'New-CommandHelp', 'Import-MarkdownCommandHelp', 'Test-MarkdownCommandHelp', 'Export-MamlCommandHelp',
    'Invoke-ScriptAnalyzer'

# Programs that a script may call; whether they are installed is not this host's matter.
$programs = 'dotnet', 'git', 'kill', 'pwsh', 'qemu-system-x86_64'

$folders = 'examples', 'tests/Pester', 'src/build', 'src/EmuPS.Shell/TestRunner' | ForEach-Object { Join-Path $Root $_ }
$files = @(Get-Item -LiteralPath (Join-Path $Root 'build.ps1'))
$files += $folders | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Get-ChildItem -LiteralPath $_ -Recurse -File -Include *.ps1, *.psm1 }

$trees = @{}
foreach ($file in $files) {
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $errors)
    foreach ($problem in $errors) {
        '{0}:{1}: {2}' -f $file.FullName, $problem.Extent.StartLineNumber, $problem.Message
    }

    $trees[$file.FullName] = $tree
}

$own = @(foreach ($tree in $trees.Values) {
        foreach ($function in $tree.FindAll({ $args[0].GetType().FullName -eq "$language.FunctionDefinitionAst" }, $true)) { $function.Name }
    })

function Find-Parameter($Command, [string] $Name) {
    $all = @($Command.Parameters.Values)
    $exact = @($all | Where-Object { $_.Name -eq $Name -or $_.Aliases -contains $Name })
    if ($exact.Count -gt 0) {
        return $true
    }

    @($all | Where-Object { $_.Name -like "$Name*" }).Count -eq 1
}

$known = @{}
foreach ($path in $trees.Keys) {
    foreach ($use in $trees[$path].FindAll({ $args[0].GetType().FullName -eq "$language.CommandAst" }, $true)) {
        $name = $use.GetCommandName()
        if (-not $name -or $name -in $own -or $name -in $pesterOnly -or $name -in $programs -or $name.Contains('/')) {
            continue
        }

        if (-not $known.ContainsKey($name)) {
            $known[$name] = Get-Command -Name $name -ErrorAction Ignore | Select-Object -First 1
        }

        $command = $known[$name]
        if ($command -is [System.Management.Automation.AliasInfo]) {
            $command = $command.ResolvedCommand
        }

        $where = '{0}:{1}' -f $path, $use.Extent.StartLineNumber
        if ($null -eq $command -or $command -is [System.Management.Automation.ApplicationInfo]) {
            "${where}: $name is not a command of this host"
            continue
        }

        foreach ($element in $use.CommandElements) {
            if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and -not (Find-Parameter $command $element.ParameterName)) {
                "${where}: $name has no parameter -$($element.ParameterName)"
            }
        }
    }
}
