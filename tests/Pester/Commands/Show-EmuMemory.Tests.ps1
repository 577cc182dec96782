Describe 'Show-EmuMemory' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $vm = New-TestVM
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

    It 'reports a kind of file that it does not know' {
        { Show-EmuMemory -VM $vm -OutFile (Join-Path $TestDrive 'memory.bmp') -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
