Describe 'Copy-EmuGuestFile' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'reports GuestHasNoAgent for the simulated guest' {
        { Copy-EmuGuestFile -FromGuest /proc/iomem $TestDrive -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'GuestHasNoAgent,*'
    }
}
