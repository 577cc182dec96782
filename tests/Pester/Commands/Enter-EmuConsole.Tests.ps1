Describe 'Enter-EmuConsole' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'says that it needs a terminal where there is none' -Skip:(-not [Console]::IsInputRedirected -and -not [Console]::IsOutputRedirected) {
        { Enter-EmuConsole $vm -ErrorAction Stop } | Should -Throw -ErrorId 'TerminalRequired,*'
    }
}
