Describe 'Get-EmuGuestImage' -Tag Unit {
    BeforeAll { . (Join-Path $PSScriptRoot '../common.ps1') }

    It 'lists the simulated guest' { (Get-EmuGuestImage).Name | Should -Contain 'Simulated' }
    It 'finds by name and wildcard' {
        (Get-EmuGuestImage simulated).Name | Should -Be 'Simulated'
        (Get-EmuGuestImage Simu*).Name | Should -Be 'Simulated'
    }

    It 'pipes to Start-EmuVM' {
        $vm = Get-EmuGuestImage Simulated | Start-EmuVM -Memory 64MB
        $vm.Guest | Should -Be 'Simulated'
        Remove-TestVM $vm
    }

    It 'reports GuestImageNotFound' { { Get-EmuGuestImage none -ErrorAction Stop } | Should -Throw -ErrorId 'GuestImageNotFound,*' }
}
