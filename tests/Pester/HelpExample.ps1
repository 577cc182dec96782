# Dot-sourced by the help tests: the examples of help/en-US, and a process that runs them.
#
# A fence that says ```powershell holds code that is run, with the VM that about_EmuPS sets up (```powershell stage) unless it starts
# one of its own. Behind the language may stand
#   image        it needs a guest image with a kernel, and gets the VM of about_EmuPS_Guests (```powershell image-stage)
#   parse-only   it is not run: it needs a terminal, takes over the process, or fetches packages
# What it prints is compared with the ```output behind it.
. (Join-Path $PSScriptRoot '../../src/build/HelpPage.ps1')
. (Join-Path $PSScriptRoot 'HostProcess.ps1')

function Get-HelpFolder {
    [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../../help/en-US'))
}

function Get-HelpExample {
    $id = 0
    foreach ($file in Get-ChildItem -LiteralPath (Get-HelpFolder) -Filter *.md | Sort-Object Name) {
        $found = if ($file.BaseName -like 'about_*') { Get-TopicExample $file } else { (Read-HelpPage $file.FullName).Examples }
        foreach ($example in $found | Where-Object Code) {
            $id++
            @{
                Id = $id
                Page = $file.BaseName
                Title = $example.Title
                Code = $example.Code
                Kind = if ($example.Words) { $example.Words[0] } else { 'plain' }
                Output = ($example.Blocks | Where-Object Language -EQ 'output' | ForEach-Object Text) -join "`n"
            }
        }
    }
}

# Each block of code in a topic is an example of its own.
function Get-TopicExample($File) {
    $number = 0
    foreach ($section in (Split-HelpHeading ([System.IO.File]::ReadAllLines($File.FullName)) '## ').GetEnumerator()) {
        foreach ($part in (Split-HelpHeading $section.Value '### ').GetEnumerator()) {
            foreach ($block in (ConvertTo-HelpExample $part).Blocks | Where-Object Language -EQ 'powershell') {
                $number++
                [pscustomobject] @{ Title = "${number}: $($part.Key)"; Code = $block.Text; Words = $block.Words; Blocks = @() }
            }
        }
    }
}

# Runs examples one after the other in a process of their own; gives what each printed and its error, by id.
function Invoke-HelpExample([object[]] $Examples, [string] $Stage, [string] $Folder) {
    $request = Join-Path $Folder 'examples.json'
    $answer = Join-Path $Folder 'answers.json'
    $stageCode = (Get-HelpExample | Where-Object Kind -EQ $Stage).Code
    Set-Content -LiteralPath $request -Value (ConvertTo-Json @{ Stage = $stageCode; Examples = $Examples } -Depth 5)
    $manifest = Join-Path $PSScriptRoot '../../EmuPS.psd1'
    $run = Invoke-HostProcess '-File', (Join-Path $PSScriptRoot 'Invoke-HelpExample.ps1'), $manifest, $request, $answer
    if (-not (Test-Path -LiteralPath $answer)) {
        throw "The examples' process ended with exit code $($run.ExitCode): $($run.Error)"
    }

    $results = @{}
    foreach ($result in Get-Content -LiteralPath $answer -Raw | ConvertFrom-Json) {
        $results[[int] $result.Id] = $result
    }

    $results
}

# Without what differs from run to run: times, ids, the width of columns.
function ConvertTo-StableText([string] $Text) {
    $lines = foreach ($line in $Text -split '\r?\n') {
        if ($line -like 'What if:*') { continue }
        $line -replace '\d+\.\d+ s\b', '<s>' -replace '^\s*\d+ (?=[a-z])', '<id> ' -replace '-{2,}', '--' -replace
            '\d{4}-\d\d-\d\d \d\d:\d\d', '<date>' -replace '\d+\.\d+\.\d+-\d+-cloud', '<kernel>' -replace '\u2026', '' -replace '\s+', ' '
    }

    (($lines | ForEach-Object { $_.Trim() }) -join "`n" -replace '\n{2,}', "`n").Trim()
}
