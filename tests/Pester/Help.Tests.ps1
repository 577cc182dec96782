# The pages of help/en-US against the cmdlets, and what Get-Help shows against the pages.

# Discovery: the data of the tests below.
. (Join-Path $PSScriptRoot '../../src/build/HelpPage.ps1')
Import-Module (Join-Path $PSScriptRoot '../../EmuPS.psd1')
$folder = Join-Path $PSScriptRoot '../../help/en-US'
$commands = @(foreach ($command in Get-Command -Module EmuPS) { @{ Name = $command.Name; Command = $command; PagePath = Join-Path $folder "$($command.Name).md" } })
$topics = @('about_EmuPS', 'about_EmuPS_Guests', 'about_EmuPS_MemoryHotplug', 'about_EmuPS_Qmp', 'about_EmuPS_Troubleshooting')

BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    . (Join-Path $PSScriptRoot '../../src/build/HelpPage.ps1')
    . (Join-Path $PSScriptRoot '../../src/build/HelpTopic.ps1')
    $script:root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
    $script:pages = Join-Path $root 'help/en-US'
    $script:common = 'Debug', 'ErrorAction', 'ErrorVariable', 'InformationAction', 'InformationVariable', 'OutBuffer', 'OutVariable', 'PipelineVariable',
        'ProgressAction', 'Verbose', 'WarningAction', 'WarningVariable'

    # All words of a text in one line, so that line ends and marks do not count.
    function Get-Word([string] $Text) { (ConvertTo-PlainParagraph $Text) -join ' ' -replace '\s+', ' ' }
}

Describe 'The help pages' -Tag Unit {
    It 'are there for the cmdlets and the topics, and for nothing else' {
        $expected = @((Get-Command -Module EmuPS).Name) + 'about_EmuPS', 'about_EmuPS_Guests', 'about_EmuPS_MemoryHotplug', 'about_EmuPS_Qmp',
            'about_EmuPS_Troubleshooting' | Sort-Object
        (Get-ChildItem -LiteralPath $pages -Filter *.md).BaseName | Sort-Object | Should -Be $expected
    }

    It 'are as src/build/Update-HelpPage.ps1 would write them' {
        $copy = Join-Path $TestDrive 'pages'
        Copy-Item -LiteralPath $pages -Destination $copy -Recurse
        & (Join-Path $root 'src/build/Update-HelpPage.ps1') -Folder $copy
        foreach ($file in Get-ChildItem -LiteralPath $pages -Filter *.md) {
            [System.IO.File]::ReadAllText((Join-Path $copy $file.Name)) | Should -BeExactly ([System.IO.File]::ReadAllText($file.FullName)) -Because $file.Name
        }
    }

    Context '<Name>' -ForEach $commands {
        BeforeAll { $script:page = Read-HelpPage $PagePath }

        It 'has the sections of the schema, in order' {
            $page.Title | Should -BeExactly $Name
            $page.FrontMatter.title | Should -BeExactly $Name
            $page.FrontMatter['external help file'] | Should -BeExactly 'EmuPS.dll-Help.xml'
            $page.FrontMatter['PlatyPS schema version'] | Should -BeExactly '2024-05-01'
            $page.Sections | Should -Be 'SYNOPSIS', 'SYNTAX', 'ALIASES', 'DESCRIPTION', 'EXAMPLES', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS'
        }

        It 'is written by a person' {
            [System.IO.File]::ReadAllText($PagePath) | Should -Not -Match '\{\{'
            $page.Synopsis | Should -Match '\.$'
            $page.Synopsis.Length | Should -BeLessThan 101
            $page.Description.Length | Should -BeGreaterThan 60
            foreach ($parameter in $page.Parameters) {
                $parameter.Text.Length | Should -BeGreaterThan 15 -Because "of -$($parameter.Name)"
                $parameter.Text | Should -Match '[.]\)?$' -Because "of -$($parameter.Name)"
            }
        }

        It 'has two examples or more, with titles and code' {
            $page.Examples.Count | Should -BeGreaterThan 1
            foreach ($example in $page.Examples) {
                $example.Title | Should -Match '^Example \d+: \w'
                $example.Code | Should -Match $Name -Because $example.Title
            }
        }

        It 'has the parameters of the cmdlet, as they are' {
            $expected = @($Command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name)
            $page.Parameters.Name | Should -Be $expected.Name
            foreach ($parameter in $expected) {
                $written = $page.Parameters | Where-Object Name -EQ $parameter.Name
                $because = "of -$($parameter.Name)"
                $type = $parameter.ParameterType.ToString()
                $written.Type | Should -BeExactly $type -Because $because
                ($written.Aliases -join ',') | Should -BeExactly ($parameter.Aliases -join ',') -Because $because
                $element = if ($parameter.ParameterType.IsArray) { $parameter.ParameterType.GetElementType() } else { $parameter.ParameterType }
                $inner = [System.Nullable]::GetUnderlyingType($element)
                if ($inner) { $element = $inner }
                $values = if ($element.IsEnum) { [System.Enum]::GetNames($element) -join ',' } else { '' }
                ($written.AcceptedValues -join ',') | Should -BeExactly $values -Because $because
                $sets = foreach ($set in $parameter.ParameterSets.GetEnumerator()) {
                    '{0} {1} {2} {3} {4}' -f $set.Key.Replace('__AllParameterSets', '(All)'), $set.Value.Position.ToString().Replace([int]::MinValue.ToString(), 'Named'),
                        $set.Value.IsMandatory, $set.Value.ValueFromPipeline, $set.Value.ValueFromPipelineByPropertyName
                }
                $writtenSets = foreach ($set in $written.ParameterSets) { '{0} {1} {2} {3} {4}' -f $set.Name, $set.Position, $set.IsRequired, $set.ByValue, $set.ByPropertyName }
                $writtenSets | Sort-Object | Should -Be ($sets | Sort-Object) -Because $because
            }
        }

        It 'links to what exists' {
            $page.Links.Count | Should -BeGreaterThan 0
            foreach ($link in $page.Links) { Join-Path $pages $link.Uri | Should -Exist }
        }

        It 'is what Get-Help shows' {
            $help = Get-Help $Name -Full
            $help.Synopsis | Should -BeExactly (Get-Word $page.Synopsis)
            ($help.description.Text -join ' ' -replace '\s+', ' ').Trim() | Should -BeExactly (Get-Word $page.Description)
            @($help.syntax.syntaxItem).Count | Should -Be $Command.ParameterSets.Count
            @($help.examples.example).Count | Should -Be $page.Examples.Count
            foreach ($parameter in $page.Parameters) {
                $shown = @($help.parameters.parameter | Where-Object name -EQ $parameter.Name)
                $shown.Count | Should -Be 1 -Because "of -$($parameter.Name)"
                ($shown[0].description.Text -join ' ' -replace '\s+', ' ').Trim() | Should -BeExactly (Get-Word $parameter.Text)
            }

            (Get-Help $Name -Parameter $page.Parameters[0].Name).name | Should -BeExactly $page.Parameters[0].Name

            for ($number = 0; $number -lt $page.Examples.Count; $number++) {
                $shown = @($help.examples.example)[$number]
                ($shown.code -replace '\s+', ' ').Trim() | Should -BeLike ([WildcardPattern]::Escape(($page.Examples[$number].Code -replace '\s+', ' ').Trim()) + '*')
            }
        }
    }
}

Describe 'The about topics' -Tag Unit {
    It '<_> ships as plain text that fits a terminal' -ForEach $topics {
        $file = Join-Path $root "en-US/$_.help.txt"
        $file | Should -Exist
        $lines = [System.IO.File]::ReadAllLines($file)
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessThan 81
        $lines[0] | Should -BeExactly 'TOPIC'
        $lines[1].Trim() | Should -BeExactly $_
        $lines[3] | Should -BeExactly 'SHORT DESCRIPTION'
        [System.IO.File]::ReadAllText($file) | Should -BeExactly (ConvertTo-HelpTopic (Join-Path $pages "$_.md"))
    }

    It '<_> is shown by Get-Help' -ForEach $topics {
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
        (Get-Help "$_*" | Where-Object Name -EQ $_).Synopsis.Length | Should -BeGreaterThan 20
    }

    It '<_> names cmdlets and topics that exist' -ForEach $topics {
        $text = [System.IO.File]::ReadAllText((Join-Path $pages "$_.md"))
        foreach ($match in [regex]::Matches($text, '\b[A-Z][a-z]+-Emu\w+')) { Get-Command $match.Value -Module EmuPS -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because $match.Value }
        foreach ($match in [regex]::Matches($text, '\babout_EmuPS\w*')) { Join-Path $pages "$($match.Value).md" | Should -Exist }
    }
}

Describe 'The package' -Tag Unit {
    BeforeAll {
        . (Join-Path $root 'src/build/Invoke-Pack.ps1')
        function Invoke-Build { }
        function Invoke-DotNet { }
        Invoke-Pack @{ Root = $root; Configuration = 'Release'; Artifacts = (Join-Path $TestDrive 'artifacts') }
        $script:package = Join-Path $TestDrive 'artifacts/package'
        $script:manifest = Import-PowerShellDataFile (Join-Path $root 'EmuPS.psd1')
    }

    It 'brings its help along' {
        $folder = Join-Path $package "EmuPS/$($manifest.ModuleVersion)/en-US"
        (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be ((Get-ChildItem -LiteralPath (Join-Path $root 'en-US')).Name | Sort-Object)
        Join-Path $folder 'EmuPS.dll-Help.xml' | Should -Exist
        $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $package "EmuPS.$(Get-PackageVersion $manifest).nupkg"))
        try {
            $archive.Entries.FullName | Should -Contain 'en-US/EmuPS.dll-Help.xml'
            $archive.Entries.FullName | Should -Contain 'en-US/about_EmuPS.help.txt'
        }
        finally {
            $archive.Dispose()
        }
    }
}
