# What Microsoft.PowerShell.PlatyPS, where it is installed, says about the pages. It reads them, finds nothing to complain about, and
# its own export says the same as ours.

# Discovery: whether it is there (EmuPS.Shell has too few commands for it), and the pages.
$hasPlatyPS = $Host.Name -ne 'EmuPS.Shell' -and $null -ne (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS)
$files = @(foreach ($file in Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '../../help/en-US') -Filter *-*.md) { @{ Name = $file.BaseName; File = $file.FullName } })

Describe 'PlatyPS' -Tag Unit -Skip:(-not $hasPlatyPS) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'common.ps1')
        Import-Module Microsoft.PowerShell.PlatyPS
        $root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
        $script:ours = [xml] [System.IO.File]::ReadAllText((Join-Path $root 'en-US/EmuPS.dll-Help.xml'))
        $null = Get-ChildItem -LiteralPath (Join-Path $root 'help/en-US') -Filter *-*.md | ForEach-Object { Import-MarkdownCommandHelp $_.FullName } |
            Export-MamlCommandHelp -OutputFolder $TestDrive
        $script:theirs = [xml] [System.IO.File]::ReadAllText((Join-Path $TestDrive 'EmuPS/EmuPS.dll-Help.xml'))

        # Markdown's marks, line ends and code fences are the only things in which the two may differ.
        function Get-Word($Nodes) {
            $texts = foreach ($node in @($Nodes) | Where-Object { $_ }) {
                if ($node -is [string]) { $node } else { ($node.SelectNodes('.//text()') | ForEach-Object Value) -join ' ' }
            }

            ($texts -join ' ' -replace '```\w*( [\w-]+)?' -replace '\[([^\]]+)\]\([^)]*\)', '$1' -replace '[`*]' -replace '(^|\s)- ', ' ' -replace '[\s\x80-\xA0]+', ' ').Trim()
        }

        function Get-Fact($Command) {
            "synopsis: $(Get-Word $Command.details.description)"
            "description: $(Get-Word $Command.description)"
            "notes: $(Get-Word $Command.alertSet)"
            foreach ($syntax in $Command.syntax.syntaxItem) {
                "syntax: $(($syntax.parameter | ForEach-Object { '{0} {1} {2}' -f $_.name, $_.required, $_.position.ToLowerInvariant() }) -join ', ')"
            }

            foreach ($parameter in $Command.parameters.parameter | Sort-Object name) {
                "parameter: $($parameter.name) $($parameter.required) $($parameter.globbing) $($parameter.position.ToLowerInvariant()) $($parameter.pipelineInput.ToLowerInvariant() -replace '[^a-z]'): $(Get-Word $parameter.description)"
            }

            foreach ($example in $Command.examples.example) {
                $words = (Get-Word @($example.SelectNodes('*'))).ToLowerInvariant() -split ' ' | Sort-Object
                "example: $($words -join ' ')"
            }

            foreach ($type in @($Command.inputTypes.inputType) + @($Command.returnValues.returnValue) | Where-Object { $_ }) {
                "type: $($type.type.name): $(Get-Word $type.description)"
            }
        }
    }

    It 'accepts the page <Name>' -ForEach $files {
        Test-MarkdownCommandHelp -Path $File | Should -BeTrue
        $page = Import-MarkdownCommandHelp -Path $File
        @($page.Diagnostics.Messages | Where-Object { "$($_.Severity)" -eq 'Error' }).Count | Should -Be 0
    }

    It 'agrees with the page <Name> about the cmdlet' -ForEach $files {
        $live = New-CommandHelp (Get-Command $Name -Module EmuPS)
        $page = Import-MarkdownCommandHelp -Path $File
        $page.Parameters.Name | Sort-Object | Should -Be ($live.Parameters.Name | Sort-Object)
        foreach ($parameter in $live.Parameters) {
            $written = $page.Parameters | Where-Object Name -EQ $parameter.Name
            $written.Type | Should -BeExactly $parameter.Type -Because "of -$($parameter.Name)"
            ($written.Aliases -join ',') | Should -BeExactly ($parameter.Aliases -join ',') -Because "of -$($parameter.Name)"
            $written.SupportsWildcards | Should -Be $parameter.SupportsWildcards -Because "of -$($parameter.Name)"
            $written.ParameterSets.Count | Should -Be $parameter.ParameterSets.Count -Because "of -$($parameter.Name)"
        }
    }

    It 'exports <Name> as we do' -ForEach $files {
        $mine = @(Get-Fact ($ours.helpItems.command | Where-Object { $_.details.name -eq $Name }))
        $its = @(Get-Fact ($theirs.helpItems.command | Where-Object { $_.details.name -eq $Name }))
        $mine.Count | Should -Be $its.Count
        for ($line = 0; $line -lt $its.Count; $line++) { $mine[$line] | Should -BeExactly $its[$line] }
    }
}
