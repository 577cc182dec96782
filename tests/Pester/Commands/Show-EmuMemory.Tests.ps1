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

    It 'reports a kind of file that it does not know' {
        { Show-EmuMemory -VM $vm -OutFile (Join-Path $TestDrive 'memory.bmp') -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
