# What the run says: a line per block and test, the closing line, JUnit XML.

function Write-Line([string] $Text, [string] $Colour) {
    $message = [System.Management.Automation.HostInformationMessage] @{ Message = $Text }
    if ($Colour) {
        # pwsh paints an unnamed background black, also on a white terminal.
        $message.ForegroundColor = $Colour
        $message.BackgroundColor = $Host.UI.RawUI.BackgroundColor
    }

    Write-Information $message
}

function Get-Indent($Node) {
    $depth = 0
    for ($at = $Node.Parent; $null -ne $at -and $null -ne $at.Parent; $at = $at.Parent) {
        $depth++
    }

    '  ' * $depth
}

function Write-BlockLine($Block) {
    Write-Line ('{0}{1}' -f (Get-Indent $Block), $Block.ExpandedName) 'Cyan'
}

function Write-TestLine($Test) {
    $mark, $colour = switch ($Test.Result) {
        'Passed' { '[+]', 'Green' }
        'Failed' { '[-]', 'Red' }
        'Skipped' { '[!]', 'Yellow' }
        default { '[?]', 'Yellow' }
    }
    $reason = if ($Test.Reason) { ", because $($Test.Reason)" } else { '' }
    $took = if ($Test.Result -eq 'Skipped') { 'skipped' } else { '{0:0} ms' -f $Test.Duration.TotalMilliseconds }
    Write-Line ('{0}{1} {2} ({3}{4})' -f (Get-Indent $Test), $mark, $Test.ExpandedName, $took, $reason) $colour
    if ($null -ne $Test.ErrorRecord) {
        Write-Failure -Title $null -ErrorRecord $Test.ErrorRecord -Indent (Get-Indent $Test)
    }
}

# Of the trace, the frames between the runner's own: the innermost are Should's, the outermost those that called the test.
function Write-Failure([string] $Title, $ErrorRecord, [string] $Indent = '') {
    if ($Title) {
        Write-Line "$Indent[-] $Title" 'Red'
    }

    foreach ($line in ($ErrorRecord.ToString() -split '\r?\n')) {
        Write-Line "$Indent    $line" 'Red'
    }

    $shown = $false
    foreach ($line in ("$($ErrorRecord.ScriptStackTrace)" -split '\r?\n')) {
        if ($line -like "*$PSScriptRoot*" -or $line -like '*<No file>*') {
            if ($shown) {
                break
            }
        }
        elseif ($line) {
            Write-Line "$Indent    $line" 'DarkGray'
            $shown = $true
        }
    }
}

function Get-AllTest($Block) {
    foreach ($child in $Block.Children) {
        if ($child.Kind -eq 'It') { $child } else { Get-AllTest $child }
    }
}

function Get-AllBlock($Block) {
    $Block
    foreach ($child in $Block.Children) {
        if ($child.Kind -ne 'It') { Get-AllBlock $child }
    }
}

function Measure-Result($Files, [timespan] $Duration) {
    $tests = @(foreach ($file in $Files) { Get-AllTest $file.Root })
    $blocks = @(foreach ($file in $Files) { Get-AllBlock $file.Root })
    $failedBlocks = @($blocks | Where-Object { $null -ne $_.ErrorRecord })
    $failedFiles = @($Files | Where-Object { $null -ne $_.ErrorRecord })
    $count = @{}
    foreach ($test in $tests) {
        $count[$test.Result] = 1 + $count[$test.Result]
    }

    [pscustomobject]@{
        PSTypeName = 'EmuPS.TestRunner.Result'
        Result = if ($count['Failed'] -or $failedBlocks -or $failedFiles) { 'Failed' } else { 'Passed' }
        TotalCount = $tests.Count
        PassedCount = [int] $count['Passed']
        FailedCount = [int] $count['Failed']
        SkippedCount = [int] $count['Skipped']
        InconclusiveCount = [int] $count['Inconclusive']
        NotRunCount = [int] $count['NotRun']
        FailedBlocksCount = $failedBlocks.Count
        FailedContainersCount = $failedFiles.Count
        Tests = $tests
        FailedBlocks = $failedBlocks
        FailedContainers = $failedFiles
        Duration = $Duration
    }
}

# Failed blocks and files count as failures of their own; what stayed undecided counts as skipped.
function Get-ClosingLine($Result) {
    '{0} passed, {1} failed, {2} skipped' -f $Result.PassedCount,
        ($Result.FailedCount + $Result.FailedBlocksCount + $Result.FailedContainersCount),
        ($Result.SkippedCount + $Result.InconclusiveCount)
}

function Export-JUnit($Files, [string] $Path) {
    $settings = [System.Xml.XmlWriterSettings]::new()
    $settings.Indent = $true
    $settings.CheckCharacters = $false
    $writer = [System.Xml.XmlWriter]::Create($Path, $settings)
    try {
        $writer.WriteStartElement('testsuites')
        foreach ($file in $Files) {
            $tests = @(Get-AllTest $file.Root | Where-Object Result -NE 'NotRun')
            $errors = @(Get-AllBlock $file.Root | Where-Object { $null -ne $_.ErrorRecord }).Count + [int] ($null -ne $file.ErrorRecord)
            $writer.WriteStartElement('testsuite')
            $writer.WriteAttributeString('name', $file.Path)
            $writer.WriteAttributeString('tests', $tests.Count)
            $writer.WriteAttributeString('failures', @($tests | Where-Object Result -EQ 'Failed').Count)
            $writer.WriteAttributeString('errors', $errors)
            $writer.WriteAttributeString('skipped', @($tests | Where-Object Result -In 'Skipped', 'Inconclusive').Count)
            $writer.WriteAttributeString('time', (ConvertTo-SecondText $file.Duration))
            foreach ($test in $tests) {
                Write-JUnitTest -Writer $writer -File $file -Test $test
            }

            $writer.WriteEndElement()
        }

        $writer.WriteEndElement()
    }
    finally {
        $writer.Dispose()
    }
}

function Write-JUnitTest($Writer, $File, $Test) {
    $Writer.WriteStartElement('testcase')
    $Writer.WriteAttributeString('name', $Test.ExpandedPath)
    $Writer.WriteAttributeString('classname', $File.Path)
    $Writer.WriteAttributeString('status', $Test.Result)
    $Writer.WriteAttributeString('time', (ConvertTo-SecondText $Test.Duration))
    if ($Test.Result -eq 'Failed') {
        $Writer.WriteStartElement('failure')
        $Writer.WriteAttributeString('message', (ConvertTo-XmlText "$($Test.ErrorRecord)"))
        $Writer.WriteString((ConvertTo-XmlText "$($Test.ErrorRecord.ScriptStackTrace)"))
        $Writer.WriteEndElement()
    }
    elseif ($Test.Result -ne 'Passed') {
        $Writer.WriteStartElement('skipped')
        $Writer.WriteAttributeString('message', (ConvertTo-XmlText "$($Test.Reason)"))
        $Writer.WriteEndElement()
    }

    $Writer.WriteEndElement()
}

function ConvertTo-SecondText([timespan] $Duration) {
    $Duration.TotalSeconds.ToString('0.000', [cultureinfo]::InvariantCulture)
}

# A guest's console may hold characters that XML cannot.
function ConvertTo-XmlText([string] $Text) {
    $Text -replace '[^\t\r\n\x20-\uD7FF\uE000-\uFFFD]', '?'
}
