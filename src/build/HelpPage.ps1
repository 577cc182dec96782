# Reads the pages of help/en-US: markdown in the schema of Microsoft.PowerShell.PlatyPS 1.x ("2024-05-01"). Only what that schema
# needs is understood, so that no markdown package has to be there.

# The page as an object: FrontMatter, Title, Synopsis, Syntax, Aliases, Description, Examples, Parameters, Inputs, Outputs, Notes, Links.
function Read-HelpPage([string] $Path) {
    $lines = [System.IO.File]::ReadAllLines($Path)
    $frontMatter = [ordered] @{}
    $index = 1
    while ($lines[$index] -ne '---') {
        $key, $value = $lines[$index] -split ': ', 2
        $frontMatter[$key] = "$value".Trim("'")
        $index++
    }

    $sections = Split-HelpHeading $lines[($index + 1)..($lines.Count - 1)] '## '
    $title = ($sections[''] -join "`n").Trim() -replace '^# '
    [pscustomobject] @{
        Path = $Path
        FrontMatter = $frontMatter
        Title = $title
        Synopsis = Join-HelpText $sections['SYNOPSIS']
        Syntax = @((Split-HelpHeading $sections['SYNTAX'] '### ').GetEnumerator() | Where-Object Key | ForEach-Object { ConvertTo-HelpSyntax $_ })
        Aliases = Join-HelpText $sections['ALIASES']
        Description = Join-HelpText $sections['DESCRIPTION']
        Examples = @((Split-HelpHeading $sections['EXAMPLES'] '### ').GetEnumerator() | Where-Object Key | ForEach-Object { ConvertTo-HelpExample $_ })
        Parameters = @((Split-HelpHeading $sections['PARAMETERS'] '### -').GetEnumerator() | Where-Object Key | ForEach-Object { ConvertTo-HelpParameter $_ })
        Inputs = @(ConvertTo-HelpType $sections['INPUTS'])
        Outputs = @(ConvertTo-HelpType $sections['OUTPUTS'])
        Notes = Join-HelpText $sections['NOTES']
        Links = @($sections['RELATED LINKS'] | Where-Object { $_ -match '^- \[(.+)\]\((.*)\)$' } | ForEach-Object { [pscustomobject] @{ Text = $Matches[1]; Uri = $Matches[2] } })
        Sections = @($sections.Keys | Where-Object { $_ })
    }
}

# The lines below each heading, in order; what comes before the first is under ''. Headings inside code blocks are code.
function Split-HelpHeading([string[]] $Lines, [string] $Mark) {
    $parts = [ordered] @{ '' = [System.Collections.Generic.List[string]]::new() }
    $name = ''
    $inCode = $false
    foreach ($line in $Lines) {
        if ($line.StartsWith('```')) {
            $inCode = -not $inCode
        }

        if (-not $inCode -and $line.StartsWith($Mark, [System.StringComparison]::Ordinal)) {
            $name = $line.Substring($Mark.Length).Trim()
            $parts[$name] = [System.Collections.Generic.List[string]]::new()
        }
        elseif (-not $inCode -and $Mark -eq '### -' -and $line.StartsWith('### ')) {
            # CommonParameters: the same on every page.
            $name = ''
        }
        else {
            $parts[$name].Add($line)
        }
    }

    $parts
}

function Join-HelpText([string[]] $Lines) {
    ($Lines -join "`n").Trim()
}

function ConvertTo-HelpSyntax($Part) {
    [pscustomobject] @{
        Set = $Part.Key -replace ' \(Default\)$'
        IsDefault = $Part.Key.EndsWith(' (Default)')
        Text = ($Part.Value | Where-Object { $_ -and -not $_.StartsWith('```') }) -join ' ' -replace '\s+', ' '
    }
}

# An example's blocks in order: text, or code with the words after its fence: ```powershell image
function ConvertTo-HelpExample($Part) {
    $blocks = [System.Collections.Generic.List[object]]::new()
    $text = [System.Collections.Generic.List[string]]::new()
    $words = $null
    foreach ($line in $Part.Value) {
        if (-not $line.StartsWith('```')) {
            $text.Add($line)
            continue
        }

        $joined = if ($null -eq $words) { Join-HelpText $text } else { $text -join "`n" }
        if ($null -ne $words -or $joined) {
            $blocks.Add([pscustomobject] @{ Language = $words ? $words[0] : ''; Words = @($words | Select-Object -Skip 1); Text = $joined })
        }

        $text.Clear()
        $words = if ($null -eq $words) { , @($line.Substring(3).Split(' ')) }
    }

    if (Join-HelpText $text) {
        $blocks.Add([pscustomobject] @{ Language = ''; Words = @(); Text = Join-HelpText $text })
    }

    [pscustomobject] @{
        Title = $Part.Key
        Blocks = $blocks.ToArray()
        Code = ($blocks | Where-Object Language -EQ 'powershell' | ForEach-Object Text) -join "`n"
        Words = @($blocks | Where-Object Language -EQ 'powershell' | ForEach-Object { $_.Words })
    }
}

function ConvertTo-HelpParameter($Part) {
    $lines = @($Part.Value)
    $start = [array]::IndexOf($lines, '```yaml')
    $text = Join-HelpText $(if ($start -lt 0) { $lines } else { $lines | Select-Object -First $start })
    $yaml = if ($start -ge 0) { $lines | Select-Object -Skip ($start + 1) | Where-Object { $_ -and $_ -ne '```' } }
    $values = @{ Type = ''; DefaultValue = ''; SupportsWildcards = 'false'; Aliases = @(); AcceptedValues = @(); ParameterSets = @() }
    $list = $null
    foreach ($line in $yaml) {
        if ($line -match '^- Name: (.*)$') {
            $values.ParameterSets += @{ Name = $Matches[1] }
        }
        elseif ($line -match '^- (.*)$') {
            $values[$list] += $Matches[1].Trim("'")
        }
        elseif ($line -match '^  (\w+): (.*)$') {
            $values.ParameterSets[-1][$Matches[1]] = $Matches[2]
        }
        elseif ($line -match '^(\w+): ?(.*)$') {
            $list = $Matches[1]
            if ($Matches[2] -and $Matches[2] -ne '[]') {
                $values[$list] = $Matches[2].Trim("'")
            }
        }
    }

    [pscustomobject] @{
        Name = $Part.Key
        Text = $text
        Type = $values.Type
        DefaultValue = $values.DefaultValue
        SupportsWildcards = $values.SupportsWildcards -eq 'true'
        Aliases = $values.Aliases
        AcceptedValues = $values.AcceptedValues
        ParameterSets = @($values.ParameterSets | ForEach-Object {
                [pscustomobject] @{
                    Name = $_.Name
                    Position = $_.Position
                    IsRequired = $_.IsRequired -eq 'true'
                    ByValue = $_.ValueFromPipeline -eq 'true'
                    ByPropertyName = $_.ValueFromPipelineByPropertyName -eq 'true'
                }
            })
    }
}

function ConvertTo-HelpType([string[]] $Lines) {
    foreach ($part in (Split-HelpHeading $Lines '### ').GetEnumerator()) {
        if ($part.Key) {
            [pscustomobject] @{ Type = $part.Key; Text = Join-HelpText $part.Value }
        }
    }
}

# Paragraphs as a reader of plain text sees them: no marks, a line for each; the items of a list are paragraphs of their own.
function ConvertTo-PlainParagraph([string] $Markdown) {
    foreach ($paragraph in $Markdown -split '\n\s*\n') {
        foreach ($item in $paragraph -split '\n(?=- )') {
            $plain = $item -replace '\[([^\]]+)\]\([^)]*\)', '$1' -replace '\*\*([^*]+)\*\*', '$1' -replace '`', '' -replace '\s*\n\s*', ' '
            if ($plain.Trim()) {
                $plain.Trim()
            }
        }
    }
}
