function Invoke-EmuTest {
    <#
    .SYNOPSIS
    Runs .Tests.ps1 files with the EmuPS.Shell test runner (Pester subset).
    .DESCRIPTION
    Prints a line per block and test and, last, "N passed, N failed, N skipped" on a line of its own. Failed BeforeAll and
    AfterAll blocks and files that could not be read count as failed.
    .PARAMETER Path
    Test files, or folders that are searched for *.Tests.ps1.
    .PARAMETER Tag
    Runs only tests that carry one of these tags, or stand in a block that does. Wildcards work.
    .PARAMETER ExcludeTag
    Leaves out tests that carry one of these tags, or stand in a block that does.
    .PARAMETER JUnitPath
    Writes the results as JUnit XML into this file.
    .PARAMETER PassThru
    Emits the result.
    .EXAMPLE
    $result = Invoke-EmuTest -Path tests/Pester -ExcludeTag Slow -PassThru
    #>
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string[]] $Path = @('.'),
        [string[]] $Tag = @(),
        [string[]] $ExcludeTag = @(),
        [string] $JUnitPath,
        [switch] $PassThru
    )

    # The lines are what a run is for; -InformationAction Ignore silences them.
    if (-not $PSBoundParameters.ContainsKey('InformationAction')) {
        $InformationPreference = 'Continue'
    }

    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $saved = $script:Caller, $script:Current, $script:Phase
    $script:Caller = [psmoduleinfo]::new($true)
    $script:Caller.SessionState = $PSCmdlet.SessionState
    $script:StartLocation = $PSCmdlet.SessionState.Path.CurrentLocation.Path
    try {
        $files = @(foreach ($found in (Find-TestFile $Path)) { Initialize-TestFile $found })
        foreach ($file in $files) {
            Test-File $file
        }

        Write-Line 'EmuPS.Shell test runner (Pester subset)' ''
        foreach ($file in $files) {
            Invoke-TestFile -File $file -Tag $Tag -ExcludeTag $ExcludeTag
        }
    }
    finally {
        $script:Caller, $script:Current, $script:Phase = $saved
    }

    $result = Measure-Result $files $watch.Elapsed
    if ($JUnitPath) {
        Export-JUnit $files $PSCmdlet.GetUnresolvedProviderPathFromPSPath($JUnitPath)
    }

    Write-FailureSummary $result
    Write-Line ('Ran {0} files in {1:0.0} s.' -f $files.Count, $watch.Elapsed.TotalSeconds) ''
    Write-Line (Get-ClosingLine $result) ''
    if ($PassThru) {
        $result
    }
}

function Find-TestFile([string[]] $Path) {
    foreach ($one in $Path) {
        $full = $script:Caller.SessionState.Path.GetUnresolvedProviderPathFromPSPath($one)
        if ([System.IO.Directory]::Exists($full)) {
            [System.IO.Directory]::GetFiles($full, '*.Tests.ps1', 'AllDirectories') | Sort-Object
        }
        elseif ([System.IO.File]::Exists($full)) {
            $full
        }
        else {
            throw "There is no test file or folder '$one'."
        }
    }
}

function Initialize-TestFile([string] $Path) {
    [pscustomobject]@{
        Path = $Path
        Root = ConvertTo-Block 'File' ([System.IO.Path]::GetFileName($Path)) $null
        ErrorRecord = $null
        Duration = [timespan]::Zero
    }
}

# Before anything runs: what is outside the subset stops the run, what does not parse fails its file.
function Test-File($File) {
    try {
        Assert-InSubset $File.Path
    }
    catch [System.Management.Automation.ParseException] {
        $File.ErrorRecord = $_
    }
}

function Invoke-TestFile($File, [string[]] $Tag, [string[]] $ExcludeTag) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line "`n$($File.Path)" 'Magenta'
    if ($null -eq $File.ErrorRecord) {
        Search-TestFile $File
    }

    if ($null -ne $File.ErrorRecord) {
        Write-Failure 'The file failed' $File.ErrorRecord
        return
    }

    foreach ($test in (Get-AllTest $File.Root)) {
        $test.ShouldRun = Test-Wanted -Test $test -Tag $Tag -ExcludeTag $ExcludeTag
    }

    $script:Phase = 'Run'
    if (@(Get-AllTest $File.Root | Where-Object ShouldRun).Count -gt 0) {
        $root = $File.Root
        & $script:Caller { param($______scope, $______next) & $______scope $______next } (Join-Path $PSScriptRoot 'FileScope.ps1') { Invoke-Block $root }
    }

    $script:Phase = 'None'
    $File.Duration = $watch.Elapsed
}

function Search-TestFile($File) {
    $script:Phase = 'Discovery'
    $script:Current = $File.Root
    try {
        $null = & $script:Caller { param($______path) $ErrorActionPreference = 'Continue'; & $______path } $File.Path
    }
    catch {
        if ($_.FullyQualifiedErrorId -like 'OutsideTheSubset*') {
            throw
        }

        $File.ErrorRecord = $_
        $File.Root.Children.Clear()
    }
    finally {
        $script:Current = $null
        $script:Phase = 'None'
    }
}

function Test-Wanted($Test, [string[]] $Tag, [string[]] $ExcludeTag) {
    $own = @(for ($at = $Test; $null -ne $at; $at = $at.Parent) { $at.Tag })
    foreach ($one in $own) {
        foreach ($pattern in $ExcludeTag) {
            if ($one -like $pattern) {
                return $false
            }
        }
    }

    if ($Tag.Count -eq 0) {
        return $true
    }

    foreach ($one in $own) {
        foreach ($pattern in $Tag) {
            if ($one -like $pattern) {
                return $true
            }
        }
    }

    $false
}

function Write-FailureSummary($Result) {
    $failed = @($Result.Tests | Where-Object Result -EQ 'Failed')
    if ($failed.Count + $Result.FailedBlocksCount + $Result.FailedContainersCount -eq 0) {
        return
    }

    Write-Line "`nFailed:" 'Red'
    foreach ($file in $Result.FailedContainers) {
        Write-Line "  file  $($file.Path)" 'Red'
    }

    foreach ($block in $Result.FailedBlocks) {
        Write-Line "  block $($block.ExpandedName)" 'Red'
    }

    foreach ($test in $failed) {
        Write-Line "  test  $($test.ExpandedPath)" 'Red'
    }
}
