Describe 'Remove-EmuGuestImage' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:before = $env:EMUPS_CACHE
        $env:EMUPS_CACHE = Join-Path $TestDrive 'cache'
    }

    AfterAll { $env:EMUPS_CACHE = $before }

    It 'reports GuestImageNotFound' { { Remove-EmuGuestImage none -ErrorAction Stop } | Should -Throw -ErrorId 'GuestImageNotFound,*' }
    It 'reports GuestImageIsBuiltIn' { { Remove-EmuGuestImage Simulated -ErrorAction Stop } | Should -Throw -ErrorId 'GuestImageIsBuiltIn,*' }
}
