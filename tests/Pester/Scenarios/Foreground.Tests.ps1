Describe 'The foreground form' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot '../HostProcess.ps1')
        $script:manifest = Join-Path $PSScriptRoot '../../../EmuPS.psd1'

        # A Multiboot kernel of 24 instructions' length: it echoes one byte from the serial port and leaves with its low four bits.
        $script:kernel = Join-Path $TestDrive 'echo.elf'
        $script:code = '02b0ad1b00000000fe4f52e4' +
            '66bafd03' + 'ec' + 'a801' + '74fb' +   # mov dx,3fdh; in al,dx; test al,1; jz
            '66baf803' + 'ec' + 'ee' +               # mov dx,3f8h; in al,dx; out dx,al
            '0fb6c0' + '83e00f' +                    # movzx eax,al; and eax,15
            '66baf400' + 'ef' + 'f4ebfd'             # mov dx,0f4h; out dx,eax; hlt; jmp
        $body = [Convert]::FromHexString($code)
        $image = [byte[]]::new(0x1000 + $body.Length)
        $header = [Convert]::FromHexString('7f454c46010101000000000000000000' + '0200030001000000' + '0c001000' + '34000000' + '00000000' + '00000000' + '340020000100000000000000')
        $header.CopyTo($image, 0)
        $size = '{0:x2}000000' -f $body.Length
        $segment = [Convert]::FromHexString('01000000' + '00100000' + '00001000' + '00001000' + $size + $size + '07000000' + '00100000')
        $segment.CopyTo($image, 52)
        $body.CopyTo($image, 0x1000)
        [System.IO.File]::WriteAllBytes($kernel, $image)

        # Runs a command in a process of its own, as a test runner would.
        function Invoke-Host {
            param([string] $Command, [string] $InputText, [scriptblock] $While)
            $process = Open-Process (@(Get-BareHost) + '-Command', "Import-Module '$manifest'; $Command; exit `$LASTEXITCODE")
            $process.StandardInput.Write($InputText)
            $process.StandardInput.Close()
            $output = if ($While) { & $While $process }
            $output += $process.StandardOutput.ReadToEnd()
            $ended = $process.WaitForExit(60000)
            if (-not $ended) { $process.Kill() }
            @{ Output = $output; Errors = $process.StandardError.ReadToEnd(); ExitCode = $process.ExitCode; Ended = $ended }
        }
    }

    It 'passes bytes through and ends with QEMU''s exit code' -ForEach @(
        @{ Text = 'E'; Code = 11 }
        @{ Text = 'A'; Code = 3 }
        @{ Text = 'G'; Code = 15 }
    ) {
        $run = Invoke-Host "Start-EmuVM -Kernel '$kernel' -Foreground" $Text
        $run.Output | Should -BeExactly $Text
        $run.ExitCode | Should -Be $Code
    }

    It 'runs firmware too' {
        # mov al, 'K'; mov dx, 0x3F8; out dx, al; mov al, 5; out 0xF4, al; hlt
        $rom = Join-Path $TestDrive 'rom'
        $image = [byte[]]::new(64KB)
        [Convert]::FromHexString('b04b' + 'baf803' + 'ee' + 'b005' + 'e6f4' + 'f4').CopyTo($image, 0xFFF0)
        [System.IO.File]::WriteAllBytes($rom, $image)
        $run = Invoke-Host "Start-EmuVM -Firmware '$rom' -Foreground"
        $run.Output | Should -BeExactly 'K'
        $run.ExitCode | Should -Be 11
    }

    It 'ends with an error where the kernel is none' {
        $run = Invoke-Host "`$ErrorActionPreference = 'Stop'; Start-EmuVM -Kernel '$manifest' -Foreground"
        $run.ExitCode | Should -Be 1
        $run.Output + $run.Errors | Should -Match 'is not a kernel'
    }

    It 'ends cleanly at SIGTERM' -Skip:($IsWindows) {
        $run = Invoke-Host -Command 'Start-EmuVM -Guest Simulated -Memory 64MB -Foreground' -InputText '' -While {
            param($process)
            $line = $process.StandardOutput.ReadLine()
            $null = & kill -TERM $process.Id
            $line
        }
        $run.Ended | Should -BeTrue
        $run.Output | Should -Be 'EMUPS-READY'
        $run.Errors | Should -BeNullOrEmpty
    }
}
