Describe 'Enter-EmuConsole' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    It 'says that it needs a terminal where there is none' -Skip:(-not [Console]::IsInputRedirected -and -not [Console]::IsOutputRedirected) {
        { Enter-EmuConsole $vm -ErrorAction Stop } | Should -Throw -ErrorId 'TerminalRequired,*'
    }
}

# script(1) of util-linux runs a command on a terminal of its own and passes on what is typed and shown.
$hasTerminal = $IsLinux -and (Test-Path -LiteralPath '/usr/bin/script')

BeforeAll {
    . (Join-Path $PSScriptRoot '../HostProcess.ps1')
    $script:manifest = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../../../EmuPS.psd1'))

    # Runs a script on a terminal; when the given text is shown, does what comes next. Notes the terminal's mode before and after.
    function Invoke-OnTerminal([string] $Text, [hashtable[]] $Steps) {
        $file = Join-Path $TestDrive 'on-terminal.ps1'
        Set-Content -LiteralPath $file -Value "`$ErrorActionPreference = 'Stop'", "Import-Module '$manifest'", "Set-Content '$TestDrive/pid' `$PID -NoNewline", $Text
        $words = @(Get-BareHost) + '-File', $file | ForEach-Object { "'$_'" }
        $shell = Join-Path $TestDrive 'on-terminal.sh'
        Set-Content -LiteralPath $shell -Value 'stty -g > "$1/before"', ($words -join ' '), 'echo "code $?"', 'stty -g > "$1/after"'
        $process = Open-Process 'timeout', '-s', 'KILL', '120', '/usr/bin/script', '-q', '-c', "sh '$shell' '$TestDrive'", '/dev/null'
        $shown = [System.Text.StringBuilder]::new()
        $buffer = [char[]]::new(4096)
        foreach ($step in $Steps + @{ After = 'code \d+' }) {
            # Until it is there, or the terminal is gone.
            while ($shown.ToString() -notmatch $step.After) {
                $count = $process.StandardOutput.Read($buffer, 0, $buffer.Length)
                if ($count -le 0) { break }
                $null = $shown.Append($buffer, 0, $count)
            }

            if ($step.Type) {
                $process.StandardInput.Write($step.Type)
                $process.StandardInput.Flush()
            }

            if ($step.Make) { Set-Content $step.Make '' }
            if ($step.Signal) { & kill "-$($step.Signal)" (Get-Content "$TestDrive/pid") }
        }

        $process.StandardInput.Close()
        $rest = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $process.Dispose()
        [pscustomobject] @{ Shown = "$shown$rest"; Before = Get-Content "$TestDrive/before"; After = Get-Content "$TestDrive/after" }
    }
}

Describe 'Enter-EmuConsole on a terminal' -Tag Unit -Skip:(-not $hasTerminal) {
    BeforeAll { $script:start = '$vm = Start-EmuVM t -Guest Simulated -Memory 64MB -Wait' }

    It 'leaves keys and Ctrl+C to the guest, and leaves it at the escape key' {
        $run = Invoke-OnTerminal "$start; Enter-EmuConsole `$vm; `"it is `$(`$vm.State)`"" @{ After = 'EMUPS-READY'; Type = "not echoed`u{3}" }, @{ After = 'EMUPS-READY'; Type = "`u{1d}" }
        $run.Shown | Should -Match "(?s)Connected to 't'; Ctrl\+\] leaves.*Left 't', which goes on.*it is Running.*code 0"
        # This guest does not answer what is typed.
        $run.Shown | Should -Not -Match 'not echoed'
        $run.After | Should -Be $run.Before
    }

    It 'ends with the VM' {
        $other = "while (-not (Test-Path '$TestDrive/go')) { Start-Sleep -Milliseconds 50 }; Import-Module '$manifest'; Stop-EmuVM t -TurnOff"
        $run = Invoke-OnTerminal "$start; `$null = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript({ $other }).BeginInvoke(); Enter-EmuConsole `$vm; 'behind it'" @(, @{ After = 'Connected'; Make = "$TestDrive/go" })
        $run.Shown | Should -Match "(?s)'t' ended: .*behind it.*code 0"
        $run.After | Should -Be $run.Before
    }

    It 'gives the terminal back when it is stopped by SIG<Signal>' -ForEach @(
        @{ Signal = 'INT' }
        @{ Signal = 'TERM' }
        @{ Signal = 'HUP' }
    ) {
        $run = Invoke-OnTerminal "$start; Enter-EmuConsole `$vm; 'behind it'" @(, @{ After = 'EMUPS-READY'; Signal = $Signal })
        $run.Shown | Should -Match '(?s)Connected.*code \d'
        $run.Shown | Should -Not -Match 'behind it'
        $run.After | Should -Be $run.Before
    }
}

Describe 'Enter-EmuConsole and a Debian kernel' -Tag Guest -Skip:(-not $hasTerminal) {
    It 'is typed to, and Ctrl+C stops what runs there' {
        $run = Invoke-OnTerminal 'New-EmuGuestImage | Out-Null; $vm = Start-EmuVM t -Memory 512MB -Wait -Timeout 300; Enter-EmuConsole $vm' @(
            @{ After = 'Connected'; Type = "`r" }
            @{ After = '[#$] '; Type = "echo begun-`$((6*7)); sleep 4321`r" }
            @{ After = 'begun-42'; Type = "`u{3}" }
            @{ After = '\^C(?s:.*)[#$] '; Type = "echo after-`$((6*8))`r" }
            @{ After = 'after-48'; Type = "`u{1d}" }
        )
        $run.Shown | Should -Match "(?s)after-48.*Left 't', which goes on.*code 0"
        $run.After | Should -Be $run.Before
    }

    It 'does not ask the terminal what the guest asked earlier' {
        # The shell asks where the cursor is with its first prompt; a terminal that was asked again would type the answer.
        $run = Invoke-OnTerminal "`$vm = Start-EmuVM t -Memory 512MB -Wait -Timeout 300; `$null = Receive-EmuConsole -Wait -Pattern '# \x1b\[6n' -VM t; Enter-EmuConsole `$vm" @(, @{ After = '[#$] '; Type = "`u{1d}" })
        # What comes before and after is pwsh's own, which asks too.
        $run.Shown | Should -Match "(?s)Connected to .*Left 't'"
        $run.Shown | Should -Not -Match "(?s)Connected to .*`u{1b}\[6n.*Left 't'"
    }
}
