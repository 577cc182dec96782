Describe 'Get-EmuVM' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:name = 'get' + [guid]::NewGuid().ToString('N').Substring(0, 8)
        $script:one = Start-EmuVM "$name-one" -Guest Simulated -Memory 64MB
        $script:two = Start-EmuVM "$name-two" -Guest Simulated -Memory 64MB -Suspended
    }

    AfterAll {
        Remove-TestVM $one
        Remove-TestVM $two
    }

    It 'finds by name' { (Get-EmuVM "$name-one").Id | Should -Be $one.Id }
    It 'finds by name from the pipeline' { ("$name-two" | Get-EmuVM).Id | Should -Be $two.Id }
    It 'finds by wildcard' { @(Get-EmuVM "$name*") | Should -HaveCount 2 }
    It 'finds by id' { (Get-EmuVM -Id $one.Id).Name | Should -Be "$name-one" }
    It 'takes a number for an id: <Way>' -ForEach @(
        @{ Way = 'typed'; Get = { Get-EmuVM $one.Id } }
        @{ Way = 'as text'; Get = { Get-EmuVM "$($one.Id)" } }
        @{ Way = 'from the pipeline'; Get = { $one.Id | Get-EmuVM } }
    ) { (& $Get).Name | Should -Be "$name-one" }

    It 'takes several ids' { (Get-EmuVM $two.Id, $one.Id).Name | Should -Be "$name-two", "$name-one" }
    It 'takes ids and names alike, and each VM once' { (Get-EmuVM $two.Id, "$name-one", "$name*").Name | Should -Be "$name-two", "$name-one" }

    It 'names the id that is none, and finds the others' {
        $found = Get-EmuVM $one.Id, 99999999, "$name-none", "$name-two" -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Be "$name-one", "$name-two"
        $problems.FullyQualifiedErrorId | Should -Be 'VMNotFound,EmuPS.Commands.GetEmuVMCommand', 'VMNotFound,EmuPS.Commands.GetEmuVMCommand'
        $problems[0].Exception.Message | Should -Match 'id 99999999'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike "*$($one.Id) ($name-one)*"
        $problems[1].Exception.Message | Should -Match "'$name-none'"
    }

    It 'filters by state' { (Get-EmuVM "$name*" -State Paused).Name | Should -Be "$name-two" }
    It 'lists all without a name' { (Get-EmuVM).Name | Should -Contain "$name-one" }
    It 'is silent when a wildcard finds nothing' { Get-EmuVM "$name-none*" | Should -BeNullOrEmpty }
    It 'reports VMNotFound for a name' { { Get-EmuVM "$name-none" -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotFound,EmuPS.Commands.GetEmuVMCommand' }
    It 'reports VMNotFound for an id' { { Get-EmuVM -Id 99999999 -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotFound,*' }
    It 'completes names' { (Get-Completion "Get-EmuVM $name-o").CompletionText | Should -Be "$name-one" }
    It 'shows a table with the slots' { Get-EmuVM "$name-one" | Out-String | Should -Match 'Memory\(MiB\)' }
}
