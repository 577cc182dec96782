# What a test file may rely on, wherever it runs: the EmuPS.Shell test runner (Pester subset), Pester 5 and Pester 6.
# Outcomes that a passing test cannot show are looked at from outside: Invoke-Nested runs a file in a runspace of its own.

[System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'Which variables reach a test is what is tested.')]
param()

$discoveryOnly = 'set at discovery'

BeforeDiscovery {
    $alsoDiscoveryOnly = 'set at discovery'
    $cases = @(
        @{ Name = 'one'; Value = 1; Expected = 2 }
        @{ Name = 'two'; Value = 2; Expected = 4 }
    )
    $skipThis = $true
}

BeforeAll {
    $fileLevel = 'file'
    $runner = (Get-Command Describe).Module.Path

    function Get-Doubled($Number) {
        2 * $Number
    }

    # A file for each text, in this order.
    function Invoke-Nested([string[]] $Text, [hashtable] $Filter = @{}) {
        $file = foreach ($one in $Text) {
            $path = Join-Path $TestDrive ('Nested{0}.Tests.ps1' -f [guid]::NewGuid().ToString('N'))
            Set-Content -LiteralPath $path -Value $one
            $path
        }

        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $shell.AddScript({
                    param($runner, [string[]] $file, $filter)
                    Import-Module $runner
                    if (Get-Module Pester) {
                        $configuration = New-PesterConfiguration
                        $configuration.Run.Path = $file
                        $configuration.Run.PassThru = $true
                        $configuration.Output.Verbosity = 'None'
                        if ($filter.Tag) { $configuration.Filter.Tag = $filter.Tag }
                        if ($filter.ExcludeTag) { $configuration.Filter.ExcludeTag = $filter.ExcludeTag }
                        Invoke-Pester -Configuration $configuration
                    }
                    else {
                        Invoke-EmuTest -Path $file -PassThru @filter
                    }
                }).AddArgument($runner).AddArgument($file).AddArgument($Filter)
            $shell.Invoke() | Select-Object -Last 1
        }
        finally {
            $shell.Dispose()
        }
    }
}

AfterAll {
    # Functions and variables of the file's BeforeAll are still here.
    Get-Doubled 2 | Should -Be 4
}

Describe 'Two phases' {
    BeforeAll {
        $blockLevel = 'block'
    }

    It 'has no variables of the discovery in a test' {
        $discoveryOnly | Should -BeNullOrEmpty
        $alsoDiscoveryOnly | Should -BeNullOrEmpty
    }

    It 'has the variables and functions of BeforeAll' {
        $fileLevel | Should -Be 'file'
        $blockLevel | Should -Be 'block'
        Get-Doubled 21 | Should -Be 42
    }

    It 'evaluates -Skip at discovery' -Skip:$skipThis {
        throw 'this must not run'
    }

    It 'has $PSScriptRoot' {
        $PSScriptRoot | Should -Not -BeNullOrEmpty
        Join-Path $PSScriptRoot 'Runner.Conformance.Tests.ps1' | Should -Exist
    }

    It 'changes a variable' {
        $blockLevel = 'changed'
        $blockLevel | Should -Be 'changed'
    }

    It 'does not see what another test changed' {
        $blockLevel | Should -Be 'block'
    }

    It 'has what a hook sets as $script: in every block of the file, and in no other file' {
        $result = Invoke-Nested @'
Describe 'one' {
    BeforeAll { $script:shared = 'by hand' }
    It 'has it' { $shared | Should -Be 'by hand' }
    It 'prefers data of its own' -ForEach @{ shared = 'data' } { $shared | Should -Be 'data' }
    It 'keeps an assignment to itself' { $shared = 'changed' }
    It 'still has it' { $shared | Should -Be 'by hand' }
}
Describe 'two' { It 'has it too' { $shared | Should -Be 'by hand' } }
'@, "Describe 'three' { It 'does not' { `$shared | Should -BeNullOrEmpty } }"
        $result.PassedCount | Should -Be 6
    }

    Context 'an inner block' {
        BeforeAll {
            $inner = "$blockLevel, inner"
        }

        It 'sees the outer ones' {
            $inner | Should -Be 'block, inner'
        }
    }
}

Describe 'Before and after each test' {
    BeforeAll {
        $log = [System.Collections.Generic.List[string]]::new()
    }

    BeforeEach {
        $log.Add('outer before')
        $fromOuter = 'outer'
    }

    AfterEach {
        $log.Add('outer after')
    }

    Context 'inner' {
        BeforeEach {
            $log.Add("inner before sees $fromOuter")
            $fromInner = 'inner'
        }

        AfterEach {
            $log.Add("inner after sees $fromTest")
        }

        It 'runs in the scope of both' {
            $log.Add('test')
            $fromTest = 'test'
            $fromOuter | Should -Be 'outer'
            $fromInner | Should -Be 'inner'
        }

        It 'ran outer before inner, and back' {
            $log[0..4] -join '; ' | Should -Be 'outer before; inner before sees outer; test; inner after sees test; outer after'
        }
    }
}

Describe 'Data' {
    It 'makes keys variables: <Name>' -ForEach $cases {
        Get-Doubled $Value | Should -Be $Expected
        $_.Name | Should -Be $Name
    }

    It 'takes -TestCases and param()' -TestCases $cases {
        param($Value, $Expected)
        Get-Doubled $Value | Should -Be $Expected
    }

    It 'gives an object as $_ alone' -ForEach 'a', 'b' {
        $_ | Should -BeIn 'a', 'b'
    }

    Context 'block <Name>' -ForEach $cases {
        BeforeAll {
            $fromData = $Value * 10
        }

        It 'has the data' {
            $fromData | Should -Be ($_.Value * 10)
        }

        It 'uses outer data in an inner -ForEach: <_>' -ForEach @($Value, ($Value + 1)) {
            $_ | Should -BeGreaterOrEqual $Value
        }
    }
}

Describe 'Names' {
    BeforeAll {
        $result = Invoke-Nested @'
Describe 'd <Kind>' -ForEach @{ Kind = 'k' } {
    BeforeAll { $late = 'run time' }
    It 'a <Name> <Obj.K> <late>' -ForEach @{ Name = 'n'; Obj = @{ K = 'deep' } } { }
    It 'b <_.ToUpper()>' -ForEach 'up' { }
    It 'c `<Name>' -ForEach @{ Name = 'n' } { }
    It 'same' { }
    It 'same' { }
}
'@
    }

    It 'expands data, properties, methods and run-time variables' {
        $result.Tests[0].ExpandedPath | Should -Be 'd k.a n deep run time'
        $result.Tests[1].ExpandedName | Should -BeExactly 'b UP'
    }

    It 'keeps an escaped bracket' {
        $result.Tests[2].ExpandedName | Should -Be 'c <Name>'
    }

    It 'allows a name twice' {
        $result.PassedCount | Should -Be 5
    }
}

Describe 'Assertions' {
    It 'compares without case, converting' {
        'ABC' | Should -Be 'abc'
        '1' | Should -Be 1
        1 | Should -Be '1'
        'ABC' | Should -Not -BeExactly 'abc'
        'abc' | Should -BeExactly 'abc'
        $null | Should -Be $null
        1 | Should -Not -Be $null
    }

    It 'compares collections' {
        1, 2 | Should -Be 1, 2
        1, 2 | Should -Not -Be 1, 3
        @(1) | Should -Be 1
        1, 2 | Should -HaveCount 2
        @() | Should -HaveCount 0
        1, 2 | Should -Contain 2
        2 | Should -BeIn 1, 2
        3 | Should -Not -BeIn 1, 2
    }

    It 'knows truth and emptiness' {
        1 | Should -BeTrue
        0 | Should -BeFalse
        $null | Should -BeFalse
        '' | Should -BeNullOrEmpty
        @() | Should -BeNullOrEmpty
        $null | Should -BeNullOrEmpty
        @{} | Should -BeNullOrEmpty
        0 | Should -Not -BeNullOrEmpty
        ' ' | Should -Not -BeNullOrEmpty
    }

    It 'knows types' {
        1 | Should -BeOfType [int]
        1 | Should -BeOfType int
        1L | Should -BeOfType ([long])
        1GB | Should -Not -BeOfType [long]
        1, 2 | Should -BeOfType [int]
    }

    It 'orders' {
        2 | Should -BeGreaterThan 1
        2 | Should -BeGreaterOrEqual 2
        1 | Should -BeLessThan 2
        2 | Should -BeLessOrEqual 2
        1 | Should -Not -BeGreaterThan 1
        -1 | Should -BeLessThan 0
    }

    It 'matches text' {
        'a large DIMM' | Should -BeLike '*dimm'
        'a large DIMM' | Should -Match 'LARGE\s'
        'a', 'ab' | Should -BeLike 'a*'
        'x' | Should -Not -Match 'y' -Because 'it is another letter'
    }

    It 'knows paths' {
        $TestDrive | Should -Exist
        Join-Path $TestDrive 'nothing' | Should -Not -Exist
    }

    It 'fails when it should' -ForEach @(
        @{ Assertion = { 1 | Should -Be 2 } }
        @{ Assertion = { 1 | Should -Not -Be 1 } }
        @{ Assertion = { 1, 2 | Should -BeLessThan 2 } }
        @{ Assertion = { 1, 'x' | Should -BeOfType [int] } }
        @{ Assertion = { $null | Should -Not -BeNullOrEmpty } }
        @{ Assertion = { { } | Should -Throw } }
        @{ Assertion = { { throw 'x' } | Should -Not -Throw } }
        @{ Assertion = { { throw 'x' } | Should -Throw 'y' } }
    ) {
        $failed = try { & $Assertion; $false } catch { $true }
        $failed | Should -BeTrue
    }

    It 'looks at what is thrown' {
        { throw 'some text' } | Should -Throw
        { throw 'some text' } | Should -Throw 'some*'
        { throw 'some text' } | Should -Throw -ExpectedMessage '*text'
        { throw [System.ArgumentException]::new('bad') } | Should -Throw -ExceptionType ([System.ArgumentException])
        { Get-Item (Join-Path $TestDrive 'nothing') -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
        { Write-Error 'x' -ErrorId 'Mine' -ErrorAction Stop } | Should -Throw -ErrorId 'Mine*'
        { } | Should -Not -Throw
    }

    It 'hands over the error' {
        $thrown = { throw 'some text' } | Should -Throw -PassThru
        $thrown.Exception.Message | Should -Be 'some text'
    }

    It 'does not fail on a non-terminating error' {
        Write-Error 'not the end' -ErrorAction Continue 2> $null
        { Write-Error 'not the end' -ErrorAction Continue 2> $null } | Should -Not -Throw
    }
}

Describe 'TestDrive' {
    BeforeAll {
        Set-Content -Path TestDrive:\kept.txt -Value 'kept'
    }

    It 'is a drive and a folder' {
        Get-Content -Path TestDrive:\kept.txt | Should -Be 'kept'
        Join-Path $TestDrive 'kept.txt' | Should -Exist
    }

    Context 'an inner block' {
        It 'still has the file' {
            'TestDrive:\kept.txt' | Should -Exist
        }
    }
}

Describe 'TestDrive, the next block' {
    It 'is empty' {
        'TestDrive:\kept.txt' | Should -Not -Exist
    }
}

Describe 'Outcomes' {
    It 'counts passed, failed, skipped and inconclusive tests' {
        $result = Invoke-Nested @'
Describe 'd' {
    It 'passes' { }
    It 'fails' { throw 'x' }
    It 'is skipped' -Skip { throw 'x' }
    It 'skips itself' { Set-ItResult -Skipped -Because 'so' }
    It 'stays undecided' { Set-ItResult -Inconclusive }
    Context 'skipped' -Skip {
        BeforeAll { throw 'must not run' }
        It 'is skipped too' { }
    }
}
'@
        $result.PassedCount | Should -Be 1
        $result.FailedCount | Should -Be 1
        $result.SkippedCount | Should -Be 3
        $result.InconclusiveCount | Should -Be 1
        $result.FailedBlocksCount | Should -Be 0
        $result.Result | Should -Be 'Failed'
    }

    It 'fails the tests of a BeforeAll that throws, and runs AfterAll' {
        $mark = Join-Path $TestDrive 'after-all-ran'
        $result = Invoke-Nested @"
Describe 'd' {
    BeforeAll { throw 'x' }
    AfterAll { Set-Content -LiteralPath '$mark' -Value 'yes' }
    It 'a' { }
    It 'b' { }
}
"@
        $result.FailedCount | Should -Be 2
        $result.FailedBlocksCount | Should -Be 1
        $mark | Should -Exist
    }

    It 'fails the run for an AfterAll that throws' {
        $result = Invoke-Nested "Describe 'd' { AfterAll { throw 'x' }; It 'a' { } }"
        $result.PassedCount | Should -Be 1
        $result.FailedCount | Should -Be 0
        $result.FailedBlocksCount | Should -Be 1
        $result.Result | Should -Be 'Failed'
    }

    It 'fails a file whose discovery throws' {
        $result = Invoke-Nested "throw 'x'"
        $result.FailedContainersCount | Should -Be 1
        $result.Result | Should -Be 'Failed'
    }

    It 'fails a file with a test outside of every block' {
        $result = Invoke-Nested "It 'a' { }"
        $result.PassedCount | Should -Be 0
        $result.FailedContainersCount | Should -Be 1
    }

    It 'runs AfterEach after a failure' {
        $mark = Join-Path $TestDrive 'after-each-ran'
        $null = Invoke-Nested "Describe 'd' { AfterEach { Set-Content -LiteralPath '$mark' -Value 'yes' }; It 'a' { throw 'x' } }"
        $mark | Should -Exist
    }

    It 'selects by tag' {
        $text = @'
Describe 'd' {
    It 'fast' -Tag Fast { }
    It 'slow' -Tag Slow { }
    Context 'c' -Tag Guest { It 'inner' { } }
}
'@
        (Invoke-Nested $text @{ Tag = 'Fast' }).PassedCount | Should -Be 1
        (Invoke-Nested $text @{ Tag = 'Guest' }).PassedCount | Should -Be 1
        (Invoke-Nested $text @{ ExcludeTag = 'Slow', 'Guest' }).PassedCount | Should -Be 1
    }
}
