Describe 'Show-EmuMemory' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
        Add-EmuDimm -Size 256MB -VM $vm -Id drawn -Wait -Timeout 30
    }

    AfterAll { Remove-TestVM $vm }

    It 'emits nothing: it draws on the screen' { Show-EmuMemory -VM $vm | Should -BeNullOrEmpty }
    It 'draws <_>' -ForEach 'svg', 'html' {
        $path = Join-Path $TestDrive "memory.$_"
        Show-EmuMemory -VM $vm -OutFile $path
        $text = Get-Content $path -Raw
        $text | Should -Match '<svg '
        $text | Should -Match '>drawn<'
        $text | Should -Match '0x000100000000'
    }

    It 'draws again with -Watch while the memory changes, and ends with the VM' {
        . (Join-Path $PSScriptRoot '../HostProcess.ps1')
        $manifest = Join-Path $PSScriptRoot '../../../EmuPS.psd1'
        # The picture is looked at four times a second, so the other side leaves it time to be seen.
        $command = @"
`$ErrorActionPreference = 'Stop'
Import-Module '$manifest'
`$null = Start-EmuVM w -Guest Simulated -Memory 64M,slots=2,maxmem=1G -Wait
`$job = 1 | ForEach-Object -AsJob -Parallel {
    Import-Module '$manifest'
    Start-Sleep -Milliseconds 800
    Add-EmuDimm -VM w -Size 128MB -Id late -Wait
    Start-Sleep -Milliseconds 800
    Stop-EmuVM w -TurnOff
}
Show-EmuMemory -VM w -Watch
'The watch has ended.'
"@
        $result = Invoke-HostProcess '-Command', $command
        $result.Error | Should -BeNullOrEmpty
        $before, $after = $result.Output -split 'late', 2
        $before | Should -Match '(?s)\bRAM\b'
        $after | Should -Match '(?s)Accepted.*The watch has ended\.'
        $result.Output | Should -Not -Match "`e\["
    }

    It 'says how much is touched' -Skip:(-not $IsLinux) {
        $path = Join-Path $TestDrive 'touched.svg'
        Show-EmuMemory -VM $vm -OutFile $path
        Get-Content $path -Raw | Should -Match 'over mem-drawn; 0 MiB touched'
    }

    It 'reports a kind of file that it does not know' {
        { Show-EmuMemory -VM $vm -OutFile (Join-Path $TestDrive 'memory.bmp') -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}

Describe 'Show-EmuMemory and a Debian kernel' -Tag Guest {
    It 'says which blocks the guest uses, and in which zone' {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $null = New-EmuGuestImage -ErrorAction Stop
        $vm = Start-EmuVM -Memory 512MB -Slots 2 -MaxMemory 2GB -OnlinePolicy Movable -Wait -Timeout 300 -ErrorAction Stop
        try {
            Add-EmuDimm -Size 256MB -VM $vm -Id drawn -Wait -ErrorAction Stop
            Wait-EmuDimm drawn -VM $vm -For Online -ErrorAction Stop
            $path = Join-Path $TestDrive 'guest.svg'
            Show-EmuMemory -VM $vm -OutFile $path
            Get-Content $path -Raw | Should -Match 'over mem-drawn; 2 of 2 blocks online in Movable'
            # One that stands still cannot be asked, and is drawn all the same.
            Suspend-EmuVM $vm
            Show-EmuMemory -VM $vm -OutFile $path
            Get-Content $path -Raw | Should -Match 'over mem-drawn'
        }
        finally { Remove-TestVM $vm }
    }
}
