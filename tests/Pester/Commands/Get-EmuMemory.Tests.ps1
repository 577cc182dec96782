Describe 'Get-EmuMemory' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
        Add-EmuDimm -Size 128MB -VM $vm -Id dimm1 -Wait -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'counts the machine''s memory' {
        $memory = Get-EmuMemory -VM $vm
        $memory.BaseBytes | Should -Be 64MB
        $memory.PluggedBytes | Should -Be 128MB
        $memory.TotalBytes | Should -Be 192MB
        $memory.MaxBytes | Should -Be 4GB
        $memory.Slots | Should -Be 8
        $memory.SlotsUsed | Should -Be 1
    }

    It 'asks the guest' { ($vm | Get-EmuMemory -Guest).MemTotal | Should -Be 192MB }
    It 'reports GuestHasNoAgent where blocks are asked for' { { Get-EmuMemory -VM $vm -Block -ErrorAction Stop } | Should -Throw -ErrorId 'GuestHasNoAgent,*' }
    It 'reports VMNotRunning' {
        $other = New-TestVM
        Stop-EmuVM $other -TurnOff
        { Get-EmuMemory -VM $other -ErrorAction Stop } | Should -Throw -ErrorId 'VMNotRunning,*'
        Remove-TestVM $other
    }
}
