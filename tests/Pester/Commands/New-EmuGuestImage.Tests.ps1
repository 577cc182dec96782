Describe 'New-EmuGuestImage' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:before = $env:EMUPS_CACHE
        $env:EMUPS_CACHE = Join-Path $TestDrive 'cache'
    }

    AfterAll { $env:EMUPS_CACHE = $before }

    It 'does nothing with -WhatIf' { New-EmuGuestImage whatif -WhatIf | Should -BeNullOrEmpty }
    It 'reports a name that is none' { { New-EmuGuestImage 'a/b' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidGuestImageName,*' }
    It 'reports a package that is none' {
        $path = Join-Path $TestDrive 'no.deb'
        Set-Content $path 'this is no package'
        { New-EmuGuestImage broken -DebPath $path -ErrorAction Stop } | Should -Throw -ErrorId '*,EmuPS.Commands.NewEmuGuestImageCommand'
    }
}
