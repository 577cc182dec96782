# EmuPS.Shell as its users meet it: started with a script or a command, looked at from outside.

BeforeAll {
    . $PSScriptRoot/HostProcess.ps1

    function Invoke-HostScript([string] $Text, [string[]] $Arguments = @(), [byte[]] $InputBytes = @()) {
        $file = Join-Path $TestDrive ('{0}.ps1' -f [guid]::NewGuid().ToString('N'))
        Set-Content -LiteralPath $file -Value $Text
        Invoke-ShellProcess (@('-NoModule', '-File', $file) + $Arguments) $InputBytes
    }
}

Describe 'Exit codes of EmuPS.Shell' {
    It 'is <Code> for a file with: <Text>' -ForEach @(
        @{ Text = '"fine"'; Code = 0 }
        @{ Text = 'exit 5'; Code = 5 }
        @{ Text = 'function Stop-Here { exit 4 }; Stop-Here; "not reached"'; Code = 4 }
        @{ Text = 'throw "x"'; Code = 1 }
        @{ Text = 'Write-Error "not the end"'; Code = 0 }
        @{ Text = '$ErrorActionPreference = "Stop"; Get-Item ./nothing'; Code = 1 }
        @{ Text = 'this is (no script'; Code = 1 }
    ) {
        (Invoke-HostScript $Text).ExitCode | Should -Be $Code
    }

    It 'is <Code> for the command: <Text>' -ForEach @(
        @{ Text = '"fine"'; Code = 0 }
        @{ Text = 'exit 6'; Code = 6 }
        @{ Text = 'throw "x"'; Code = 1 }
        @{ Text = '"first"; Write-Error "last"'; Code = 1 }
        @{ Text = 'Write-Error "first"; "last"'; Code = 0 }
        @{ Text = 'nosuchcommand'; Code = 1 }
    ) {
        (Invoke-ShellProcess '-NoModule', '-Command', $Text).ExitCode | Should -Be $Code
    }

    It 'hands on the exit code of another program' {
        $result = Invoke-HostScript 'dotnet nosuchverb 2>&1 | Out-Null; "code $($LASTEXITCODE -ne 0)"; exit $LASTEXITCODE'
        $result.Output | Should -BeLike 'code True*'
        $result.ExitCode | Should -Not -Be 0
    }

    It 'is 64 for a script that does not exist or an unknown option' {
        (Invoke-ShellProcess '-NoModule', 'nosuch.ps1').ExitCode | Should -Be 64
        (Invoke-ShellProcess '-NoSuchOption').ExitCode | Should -Be 64
    }

    It 'gives the host''s words for the first thing that the host refuses' -Skip:(-not $IsLinux) {
        # The engine's assemblies load when they are first needed, which must not change what the host said.
        $result = Invoke-ShellProcess '-Command', '$null = Start-EmuVM one -Guest Simulated -Memory 64M -Suspended; try { New-EmuMemoryBackend big 1000PB -VM one -ErrorAction Stop } catch { $_.Exception.Message }'
        $result.Output.Trim() | Should -BeExactly "cannot set up guest memory 'big': Cannot allocate memory"
    }
}

Describe 'Measure-Command' {
    It 'runs in the scope of its caller, drops the output and hands on the errors' {
        $result = Invoke-HostScript 'function Use-It($p) { $null = Measure-Command { $seen = $p; "dropped"; Write-Error "handed on" }; "saw $seen" }; Use-It 7 2>&1 | ForEach-Object { "$_" }'
        $result.Output.Trim() -split '\r?\n' | Should -Be 'handed on', 'saw 7'
    }
}

Describe 'Signals to EmuPS.Shell' -Skip:$IsWindows {
    BeforeAll {
        # Sends a signal when the process has said 'ready', and gives what it did then.
        function Invoke-Signalled([string] $Signal, [string[]] $Arguments, [string] $InputText = '') {
            $process = Open-ShellProcess $Arguments
            $process.StandardInput.WriteLine($InputText)
            $process.StandardInput.Flush()
            $first = $process.StandardOutput.ReadLine()
            & kill "-$Signal" $process.Id
            # Its input stays open: the end must not come from there.
            $output = $process.StandardOutput.ReadToEnd()
            $problems = $process.StandardError.ReadToEnd()
            $process.WaitForExit()
            [pscustomobject] @{ First = $first; Output = $output.Trim(); Error = $problems; ExitCode = $process.ExitCode }
            $process.Dispose()
        }
    }

    It 'stops the script at SIG<Signal> and lets it clean up' -ForEach @(
        @{ Signal = 'INT'; Code = 130 }
        @{ Signal = 'TERM'; Code = 143 }
        @{ Signal = 'HUP'; Code = 129 }
    ) {
        $result = Invoke-Signalled $Signal '-NoModule', '-Command', 'try { "ready"; Start-Sleep -Seconds 600 } finally { [Console]::Out.WriteLine("cleaned up") }'
        $result.First | Should -Be 'ready'
        $result.Output | Should -Be 'cleaned up'
        $result.Error | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be $Code
    }

    It 'ends at SIG<Signal> what no stop reaches: a call that blocks' -ForEach @(
        @{ Signal = 'TERM'; Code = 143 }
        @{ Signal = 'HUP'; Code = 129 }
    ) {
        $result = Invoke-Signalled $Signal '-NoModule', '-Command', '"ready"; [System.Threading.Thread]::Sleep(-1)'
        $result.Error | Should -Match 'did not stop'
        $result.ExitCode | Should -Be $Code
    }

    It 'ends at SIG<Signal> while a VM is waited for, and leaves no socket' -ForEach @(
        @{ Signal = 'TERM'; Code = 143 }
        @{ Signal = 'HUP'; Code = 129 }
    ) {
        $socket = Join-Path $TestDrive 'q.sock'
        $result = Invoke-Signalled $Signal '-Command', "Start-EmuVM s -Guest Simulated -QmpSocket '$socket' -Wait | Out-Null; 'ready'; Wait-EmuVM s -For Stopped -Timeout -1"
        $result.First | Should -Be 'ready'
        $result.Error | Should -Match 'process ends.*: s\. .*is lost'
        $result.ExitCode | Should -Be $Code
        $socket | Should -Not -Exist
    }

    It 'ends at SIG<Signal> at the prompt too' -ForEach @(
        @{ Signal = 'TERM'; Code = 143 }
        @{ Signal = 'HUP'; Code = 129 }
    ) {
        $result = Invoke-Signalled -Signal $Signal -Arguments '-NoModule' -InputText '"ready"'
        $result.First | Should -Be 'ready'
        $result.Error | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be $Code
    }
}

Describe 'Streams of EmuPS.Shell' {
    It 'keeps standard output for the output' {
        $result = Invoke-HostScript 'Write-Warning w; Write-Verbose v -Verbose; Write-Error e; Write-Progress p; "output"'
        $result.Output.Trim() | Should -Be 'output'
        $result.Error | Should -Match 'WARNING: w'
        $result.Error | Should -Match 'VERBOSE: v'
    }

    It 'says what ends a command on standard error: <_>' -ForEach 'throw "the end"', 'Get-Item "/the end" -ErrorAction Stop', '$ErrorActionPreference = "Stop"; Write-Error "the end"', 'if ("the end"' {
        $result = Invoke-ShellProcess '-NoModule', '-Command', $_
        $result.ExitCode | Should -Be 1
        $result.Output | Should -BeNullOrEmpty
        $result.Error | Should -Not -BeNullOrEmpty
    }

    It 'writes no escape sequences into a pipe' {
        $result = Invoke-HostScript '[pscustomobject]@{ A = 1 }; Write-Host coloured -ForegroundColor Red; throw "x"'
        "$($result.Output)$($result.Error)".Contains([char] 27) | Should -BeFalse
    }

    It 'leaves standard input to the script, byte by byte' {
        $bytes = [byte[]] @(0..255)
        $result = Invoke-HostScript -Text '
            "before"
            $stream = [Console]::OpenStandardInput()
            $memory = [System.IO.MemoryStream]::new()
            $stream.CopyTo($memory)
            [Convert]::ToHexString($memory.ToArray())' -Arguments @() -InputBytes $bytes
        ($result.Output -split '\r?\n')[1] | Should -Be ([Convert]::ToHexString($bytes))
    }

    It 'leaves standard input to a program the script starts' -Skip:$IsWindows {
        (Invoke-HostScript -Text '"before"; /bin/cat' -Arguments @() -InputBytes ([System.Text.Encoding]::UTF8.GetBytes('raw text'))).Output | Should -Match 'raw text'
    }

    It 'answers Read-Host from standard input' {
        $result = Invoke-HostScript -Text '"got $(Read-Host)"' -Arguments @() -InputBytes ([System.Text.Encoding]::UTF8.GetBytes("an answer`n"))
        $result.Output | Should -Match 'got an answer'
    }

    It 'runs statements piped in without a script' {
        $result = Invoke-ShellProcess @('-NoModule') ([System.Text.Encoding]::UTF8.GetBytes("if (`$true) {`n'two lines'`n}`nexit 3`n"))
        $result.Output.Trim() | Should -Be 'two lines'
        $result.ExitCode | Should -Be 3
    }
}

Describe 'Scripts in EmuPS.Shell' {
    It 'gets its parameters as pwsh passes them' {
        $result = Invoke-HostScript 'param([string] $Name, [switch] $On, [switch] $Off, [int] $Number) "$Name $On $Off $Number $args"' @(
            '-Name', 'a b', '-On', '-Off:$false', '-Number:7', 'rest')
        $result.Output.Trim() | Should -Be 'a b True False 7 rest'
    }

    It 'knows where it lies and who runs it' {
        $result = Invoke-HostScript '$PSScriptRoot; $Host.Name; $PSVersionTable.PSEdition'
        $lines = $result.Output.Trim() -split '\r?\n'
        $lines[0] | Should -Be ([string] $TestDrive)
        $lines[1] | Should -Be 'EmuPS.Shell'
        $lines[2] | Should -Be 'Core'
    }

    It 'has its commands under the names of their modules, and in parallel runspaces' {
        $result = Invoke-HostScript '
            Microsoft.PowerShell.Utility\Write-Output qualified
            Microsoft.PowerShell.Management\Test-Path -LiteralPath $PSScriptRoot
            1..2 | ForEach-Object -Parallel { Write-Output "parallel $_ $((Get-Item -LiteralPath $using:PSScriptRoot).PSIsContainer)" } | Sort-Object'
        $result.Output | Should -Match 'qualified\s+True\s+parallel 1 True\s+parallel 2 True'
    }

    It 'refuses a parameter that it does not implement' {
        $result = Invoke-HostScript 'try { Get-Item . -Stream x -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }'
        $result.Output | Should -BeLike 'NamedParameterNotFound,*'
    }

    It 'stops an endless pipeline when Select-Object has seen enough' {
        (Invoke-HostScript '& { $i = 0; while ($true) { $i++; $i } } | Select-Object -First 3 | Measure-Object -Sum | ForEach-Object Sum').Output.Trim() | Should -Be '6'
    }

    It 'writes text as pwsh does' {
        $result = Invoke-HostScript '
            $path = Join-Path $PSScriptRoot out.txt
            "a", "b" > $path
            [pscustomobject]@{ Name = "x"; Size = 1 } >> $path
            Add-Content -LiteralPath $path -Value "end"
            Get-Content -LiteralPath $path -Raw'
        $result.Output -replace '\r', '' | Should -BeLike "a`nb`n*Name Size*---- ----*x*1*end*"
    }

    It 'round-trips objects through JSON, CSV and CLIXML' {
        $result = Invoke-HostScript '
            $object = [ordered]@{ Text = "x,y"; Number = 1; List = @(1, 2); Inner = @{ Deep = $true } }
            ($object | ConvertTo-Json -Depth 3 | ConvertFrom-Json).Inner.Deep
            ([pscustomobject]@{ Text = "x,`"y" } | ConvertTo-Csv | ConvertFrom-Csv).Text
            $path = Join-Path $PSScriptRoot out.xml
            1, "two" | Export-Clixml -Path $path
            (Import-Clixml -Path $path) -join " "'
        ($result.Output.Trim() -split '\r?\n') | Should -Be 'True', 'x,"y', '1 two'
    }

    It 'waits for .NET events' {
        $result = Invoke-HostScript '
            $timer = [System.Timers.Timer]::new(20)
            $null = Register-ObjectEvent $timer Elapsed -SourceIdentifier tick
            $timer.Start()
            (Wait-Event -SourceIdentifier tick -Timeout 30).SourceIdentifier
            $timer.Stop()
            Unregister-Event -SourceIdentifier tick
            Remove-Event -SourceIdentifier tick
            @(Get-Event).Count'
        $result.Output.Trim() -replace '\s+', ' ' | Should -Be 'tick 0'
    }

    It 'loads the EmuPS module by itself' {
        (Invoke-ShellProcess '-Command', '(Get-Module EmuPS).Name').Output.Trim() | Should -Be 'EmuPS'
        (Invoke-ShellProcess '-NoModule', '-Command', '@(Get-Module EmuPS).Count').Output.Trim() | Should -Be '0'
    }
}

Describe 'What scripts of this repository use' {
    It 'is all there in EmuPS.Shell' {
        $result = Invoke-ShellProcess '-File', (Join-Path $PSScriptRoot 'Find-HostGap.ps1'), '-Root', (Join-Path $PSScriptRoot '../..')
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -BeNullOrEmpty -Because 'every command and parameter must exist in the host'
        $result.ExitCode | Should -Be 0
    }

    It 'would be noticed missing' {
        Set-Content -LiteralPath (Join-Path $TestDrive 'build.ps1') -Value 'Get-Item . -Stream x', 'Invoke-WebRequest x'
        $result = Invoke-ShellProcess '-File', (Join-Path $PSScriptRoot 'Find-HostGap.ps1'), '-Root', ([string] $TestDrive)
        $result.Output | Should -Match 'build.ps1:1: Get-Item has no parameter -Stream'
        $result.Output | Should -Match 'build.ps1:2: Invoke-WebRequest is not a command of this host'
    }
}
