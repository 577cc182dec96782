# What the EmuPS.Shell test runner does beyond Pester's semantics: its limits and what it prints and writes.

BeforeAll {
    $runner = Join-Path $PSScriptRoot '../../src/EmuPS.Shell/TestRunner/EmuPS.TestRunner.psd1'

    # The result, the lines printed, and the error that stopped the run.
    function Invoke-Run([string] $Text) {
        $file = Join-Path $TestDrive ('Run{0}.Tests.ps1' -f [guid]::NewGuid().ToString('N'))
        $junit = Join-Path $TestDrive 'junit.xml'
        Set-Content -LiteralPath $file -Value $Text
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $shell.AddScript({
                    param($runner, $file, $junit)
                    Import-Module $runner
                    Invoke-EmuTest -Path $file -JUnitPath $junit -PassThru
                }).AddArgument($runner).AddArgument($file).AddArgument($junit)
            $stopped = $null
            $output = try { $shell.Invoke() } catch { $stopped = $_.Exception.InnerException.ErrorRecord }
            [pscustomobject]@{
                Result = $output | Select-Object -Last 1
                Lines = @($shell.Streams.Information | ForEach-Object { "$_" })
                Stopped = $stopped
                JUnit = if (Test-Path -LiteralPath $junit) { [xml] (Get-Content -LiteralPath $junit -Raw) }
            }
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'The subset' {
    It 'stops the run, before any test, at: <Word>' -ForEach @(
        @{ Word = 'Mock Get-Item { }' }
        @{ Word = 'InModuleScope X { }' }
        @{ Word = 'Should -Invoke Get-Item' }
        @{ Word = '1 | Should-Be 1' }
        @{ Word = '1 | Should -FileContentMatch x' }
    ) {
        $run = Invoke-Run "Describe 'd' { It 'first' { Set-Content -LiteralPath '$TestDrive/ran' -Value x }; It 'second' { $Word } }"
        $run.Stopped.FullyQualifiedErrorId | Should -Be 'OutsideTheSubset'
        $run.Stopped.Exception.Message | Should -BeLike '*outside the subset*'
        Join-Path $TestDrive 'ran' | Should -Not -Exist
    }

    It 'fails the file for an empty -ForEach' {
        $run = Invoke-Run "Describe 'd' { It 'a' -ForEach @() { } }"
        $run.Result.FailedContainersCount | Should -Be 1
    }

    It 'fails a file that does not parse' {
        (Invoke-Run 'Describe d {').Result.FailedContainersCount | Should -Be 1
    }
}

Describe 'The report' {
    BeforeAll {
        $script:run = Invoke-Run @'
Describe 'd' {
    AfterAll { throw 'at the end' }
    It 'passes' { }
    It 'fails' { 1 | Should -Be 2 -Because 'of <this>' }
    It 'skips' -Skip { }
}
'@
    }

    It 'closes with the sums, failed blocks among them' {
        $run.Lines[-1] | Should -Be '1 passed, 2 failed, 1 skipped'
    }

    It 'has a line per test' {
        @($run.Lines | Where-Object { $_ -match '^\s*\[[-+!]\] (passes|fails|skips) \(' }) | Should -HaveCount 3
    }

    It 'writes JUnit XML' {
        $suite = $run.JUnit.testsuites.testsuite
        $suite.tests | Should -Be 3
        $suite.failures | Should -Be 1
        $suite.errors | Should -Be 1
        $suite.skipped | Should -Be 1
        @($suite.testcase)[1].failure.message | Should -BeLike '*because of <this>*'
    }
}
