# Every example of the help pages and about topics is run; HelpExample.ps1 says how they are marked.

# Discovery: the data of the tests below.
. (Join-Path $PSScriptRoot 'HelpExample.ps1')
$examples = @(Get-HelpExample)
$plain = @($examples | Where-Object Kind -EQ 'plain')
$image = @($examples | Where-Object Kind -EQ 'image')

BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    . (Join-Path $PSScriptRoot 'HelpExample.ps1')
}

Describe 'The examples of help' -Tag Unit {
    It 'has a known mark: <Page>, <Title>' -ForEach $examples { $Kind | Should -BeIn 'plain', 'image', 'parse-only', 'stage', 'image-stage' }

    It 'uses what exists: <Page>, <Title>' -ForEach $examples {
        $problems = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        foreach ($use in $tree.FindAll({ $args[0].GetType().Name -eq 'CommandAst' }, $true)) {
            $name = $use.GetCommandName()
            if ($name -notlike '*-Emu*') { continue }
            $command = Get-Command $name -Module EmuPS -ErrorAction Stop
            foreach ($element in $use.CommandElements | Where-Object { $_.GetType().Name -eq 'CommandParameterAst' }) {
                $command.Parameters.Keys | Should -Contain $element.ParameterName -Because "of $name"
            }
        }
    }
}

Describe 'The examples of help, run with the simulated guest' -Tag Unit {
    BeforeAll { $script:results = Invoke-HelpExample @(Get-HelpExample | Where-Object Kind -EQ 'plain') 'stage' $TestDrive }

    It 'runs <Page>, <Title>' -ForEach $plain {
        $results[$Id].Error | Should -BeNullOrEmpty
        if ($Output) { ConvertTo-StableText $results[$Id].Output | Should -Be (ConvertTo-StableText $Output) }
    }
}

Describe 'The examples of help, run with a kernel' -Tag Guest {
    BeforeAll { $script:results = Invoke-HelpExample @(Get-HelpExample | Where-Object Kind -EQ 'image') 'image-stage' $TestDrive }

    It 'runs <Page>, <Title>' -ForEach $image {
        $results[$Id].Error | Should -BeNullOrEmpty
        if ($Output) { ConvertTo-StableText $results[$Id].Output | Should -Be (ConvertTo-StableText $Output) }
    }
}
