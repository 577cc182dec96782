# Turns the about topics of help/en-US into the plain text, 80 columns wide, that Get-Help shows.

# Get-Help takes the fifth line for the synopsis, so the form of the first five is fixed.
function ConvertTo-HelpTopic([string] $Path) {
    $sections = Split-HelpHeading ([System.IO.File]::ReadAllLines($Path)) '## '
    $text = [System.Collections.Generic.List[string]]::new()
    $text.AddRange([string[]] ('TOPIC', "    $([System.IO.Path]::GetFileNameWithoutExtension($Path))", ''))
    foreach ($section in $sections.GetEnumerator() | Where-Object Key) {
        $text.Add($section.Key)
        foreach ($part in (Split-HelpHeading $section.Value '### ').GetEnumerator()) {
            if ($part.Key) {
                $text.Add("  $($part.Key)")
            }

            $lines = @(Format-HelpBlock $part.Value)
            if ($lines) {
                $text.AddRange([string[]] $lines)
                $text.Add('')
            }
        }
    }

    ($text -join "`n").TrimEnd() + "`n"
}

# Paragraphs are wrapped, code is indented as it is.
function Format-HelpBlock([string[]] $Lines) {
    $inCode = $false
    $paragraph = [System.Collections.Generic.List[string]]::new()
    $blocks = [System.Collections.Generic.List[string]]::new()
    foreach ($line in @($Lines) + '') {
        $isFence = $line.StartsWith('```')
        if ($inCode -and -not $isFence) {
            $blocks[-1] += "`n" + "        $line".TrimEnd()
            continue
        }

        if (($isFence -or -not $line) -and $paragraph.Count -gt 0) {
            $blocks.Add(@(ConvertTo-PlainParagraph ($paragraph -join "`n") | ForEach-Object { Format-HelpParagraph $_ }) -join "`n")
            $paragraph.Clear()
        }

        if ($isFence) {
            $inCode = -not $inCode
            if ($inCode) { $blocks.Add('') }
        }
        elseif ($line) {
            $paragraph.Add($line)
        }
    }

    ($blocks | ForEach-Object { $_.TrimStart("`n") }) -join "`n`n" -split "`n"
}

function Format-HelpParagraph([string] $Text) {
    $hang = if ($Text.StartsWith('- ')) { '      ' } else { '    ' }
    $line = '   '
    foreach ($word in $Text.Split(' ')) {
        if ($line.Length + 1 + $word.Length -gt 80) {
            $line
            $line = $hang + $word
        }
        else {
            $line += " $word"
        }
    }

    $line
}
