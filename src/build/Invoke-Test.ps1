# Both kinds of tests, their sums, and the closing line.
. (Join-Path $PSScriptRoot 'HostCommand.ps1')

# Returns whether every test passed.
function Invoke-Test($Context, [string] $Filter, [string[]] $Tag, [string[]] $ExcludeTag) {
    $results = Join-Path $Context.Artifacts 'TestResults'
    if (Test-Path -LiteralPath $results) {
        Remove-Item -LiteralPath $results -Recurse -Force
    }

    $null = New-Item -ItemType Directory -Path $results
    Invoke-Build $Context

    # The script tests make the guest image that the engine's tests with a real kernel need.
    $script = Invoke-ScriptTest -Context $Context -Results $results -Tag $Tag -ExcludeTag $ExcludeTag
    $xunit = Invoke-XunitTest -Context $Context -Results $results -Filter $Filter

    Write-Information ''
    Write-Information "xunit: $(Format-Sum $xunit)"
    Write-Information "$($script.Runner): $(Format-Sum $script)"
    $sum = @{
        Passed = $xunit.Passed + $script.Passed
        Failed = $xunit.Failed + $script.Failed
        Skipped = $xunit.Skipped + $script.Skipped
    }
    Write-Information (Format-Sum $sum)
    $sum.Failed -eq 0
}

function Format-Sum($Sum) {
    '{0} passed, {1} failed, {2} skipped' -f $Sum.Passed, $Sum.Failed, $Sum.Skipped
}

# The sums come from the result files: the console's words change with the language and the version.
function Invoke-XunitTest($Context, [string] $Results, [string] $Filter) {
    $arguments = @('test', (Join-Path $Context.Root 'EmuPS.sln'), '-c', $Context.Configuration, '--no-build', '-nologo', '-m:1', '-nodeReuse:false',
        '--logger', 'trx', '--logger', 'console;verbosity=minimal', '--results-directory', $Results)
    if ($Filter) {
        $arguments += '--filter', $Filter
    }

    & dotnet @arguments | Out-Host
    $code = $LASTEXITCODE
    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in (Get-ChildItem -LiteralPath $Results -Filter *.trx)) {
        $document = [xml] (Get-Content -LiteralPath $file.FullName -Raw)
        $counters = $document.TestRun.ResultSummary.Counters
        $sum.Passed += [int] $counters.passed
        $sum.Failed += [int] $counters.total - [int] $counters.passed - ([int] $counters.total - [int] $counters.executed)
        $sum.Skipped += [int] $counters.total - [int] $counters.executed
    }

    # A test host that died leaves its tests uncounted.
    if ($code -ne 0 -and $sum.Failed -eq 0) {
        Write-Error "dotnet test failed with exit code $code." -ErrorAction Continue
        $sum.Failed = 1
    }

    $sum
}

# A process of its own: an assembly that a test loaded stays in its process.
function Invoke-ScriptTest($Context, [string] $Results, [string[]] $Tag, [string[]] $ExcludeTag) {
    $sumFile = Join-Path $Results 'ScriptTests.json'
    $request = @{
        Path = (Join-Path $Context.Root 'tests/Pester'), (Join-Path $Context.Root 'examples')
        Manifest = Join-Path $Context.Root 'EmuPS.psd1'
        JUnitPath = Join-Path $Results 'ScriptTests.xml'
        SumPath = $sumFile
        Tag = $Tag
        ExcludeTag = $ExcludeTag
    }
    $requestFile = Join-Path $Results 'ScriptTests.request.json'
    Set-Content -LiteralPath $requestFile -Value (ConvertTo-Json $request)

    $command = @(Get-HostCommand)
    $executable = $command[0]
    $arguments = @($command | Select-Object -Skip 1) + @('-NoProfile', '-File', (Join-Path $PSScriptRoot 'Invoke-ScriptTests.ps1'), $requestFile)
    & $executable @arguments | Out-Host
    if (Test-Path -LiteralPath $sumFile) {
        return Get-Content -LiteralPath $sumFile -Raw | ConvertFrom-Json
    }

    Write-Error "The script tests ended without a result, with exit code $LASTEXITCODE." -ErrorAction Continue
    @{ Runner = 'script tests'; Passed = 0; Failed = 1; Skipped = 0 }
}
