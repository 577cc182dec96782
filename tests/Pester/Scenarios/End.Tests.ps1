# Remove-Module, a new import, the end of a runspace and of the process, all with VMs that run: it ends, nothing stays behind,
# and what is lost is said.

Describe 'The end with running VMs' -Tag Unit {
    # Discovery: the data of the tests below.
    # The host of these tests, and EmuPS.Shell where that is another.
    $hosts = @(@{ Name = 'EmuPS.Shell'; IsShell = $true })
    if ($Host.Name -ne 'EmuPS.Shell') { $hosts += @{ Name = 'pwsh'; IsShell = $false } }
    $ends = foreach ($one in $hosts) {
        @{ How = 'the end of the script'; Code = '"last"'; ExitCode = 0; Output = 'last' }
        @{ How = 'exit 7'; Code = 'exit 7'; ExitCode = 7; Output = '' }
        @{ How = 'an error'; Code = 'throw "the end"'; ExitCode = 1; Output = '' }
        @{ How = 'exit while another runspace waits'; ExitCode = 3; Output = ''
            Code = '$other = [powershell]::Create(); $null = $other.AddScript("Import-Module `"$manifest`"; Wait-EmuVM `"$name`" -For Stopped -Timeout -1"); $null = $other.BeginInvoke(); exit 3' }
        @{ How = 'exit with listeners to its events'; Code = '$null = Register-ObjectEvent $vm EventRaised -Action { Start-Sleep -Seconds 600 }; $null = Register-ObjectEvent $vm EventRaised; exit 4'; ExitCode = 4; Output = '' }
    }
    $ends = foreach ($one in $hosts) { foreach ($end in $ends | Sort-Object { $_.How } -Unique) { $one + $end } }
    $signals = foreach ($one in $hosts) {
        @{ Signal = 'INT' } + $one
        @{ Signal = 'TERM' } + $one
        @{ Signal = 'HUP' } + $one
    }

    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot '../HostProcess.ps1')
        $script:manifest = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../../../EmuPS.psd1'))
        # A kernel of a few instructions that never rests.
        $busy = Join-Path $TestDrive 'busy'
        [System.IO.File]::WriteAllBytes($busy, [Convert]::FromBase64String('ArCtGwAAAQD+T1HkAAAQAAAAEAAAAAAAAAAAACAAEADr/g=='))

        # Starts a process with a VM that runs, one that is suspended and one that never rests, and then the code.
        function Start-Child {
            [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
            param([bool] $IsShell, [string] $Code)
            $name = 'end' + [guid]::NewGuid().ToString('N').Substring(0, 8)
            $socket = Join-Path $TestDrive "$name.qmp"
            $log = Join-Path $TestDrive "$name.log"
            $script = "`$ErrorActionPreference = 'Stop'; `$manifest = '$manifest'; `$name = '$name'; Import-Module `$manifest; " +
                "`$vm = Start-EmuVM `$name -Guest Simulated -Memory 64MB -Slots 2 -MaxMemory 1GB -QmpSocket '$socket' -LogPath '$log' -Wait; " +
                "Add-EmuDimm -Size 2MB -Id dimm1 -VM `$vm; `$null = Start-EmuVM `${name}s -Guest Simulated -Memory 64MB -Suspended; " +
                "`$null = Start-EmuVM `${name}b -Kernel '$busy' -Memory 64MB; $Code"
            $process = if ($IsShell) { Open-ShellProcess '-NoModule', '-Command', $script } else { Open-Process (@(Get-BareHost) + '-Command', $script) }
            @{ Process = $process; Name = $name; Socket = $socket; Log = $log }
        }

        # Waits for its end; a process that hangs is ended and fails the test.
        function Wait-Child($Child) {
            $output = $Child.Process.StandardOutput.ReadToEndAsync()
            $errors = $Child.Process.StandardError.ReadToEndAsync()
            $ended = $Child.Process.WaitForExit(90000)
            if (-not $ended) { $Child.Process.Kill() }
            $Child.Ended = $ended
            $Child.Output = $output.GetAwaiter().GetResult()
            $Child.Error = $errors.GetAwaiter().GetResult()
            $Child.ExitCode = $Child.Process.ExitCode
            $Child.Process.Dispose()
        }

        # What must be so however a process ended with VMs in it.
        function Assert-End($Child) {
            $Child.Ended | Should -BeTrue -Because "it must not hang; it said $($Child.Output) $($Child.Error)"
            foreach ($name in $Child.Name, "$($Child.Name)s", "$($Child.Name)b") {
                $Child.Error | Should -Match "process ends.*\b$name\b.*is lost" -Because 'what is lost is said'
            }

            "$($Child.Output)$($Child.Error)" | Should -Not -Match 'Unhandled exception|Fatal error|core dumped|\bat EmuPS\.'
            $Child.Socket | Should -Not -Exist
            [System.IO.File]::ReadAllText($Child.Log) | Should -Match 'Machine: Ended: '
        }

        # The threads of a VM, by the names that the kernel has of them.
        function Get-VMThread([string] $Name) {
            Get-ChildItem -LiteralPath /proc/self/task -ErrorAction SilentlyContinue |
                ForEach-Object { try { [System.IO.File]::ReadAllText("/proc/self/task/$($_.Name)/comm") } catch { '' } } |
                Where-Object { $_.StartsWith("EmuPS $Name") }
        }
    }

    It 'of the process by <How>, in <Name>' -ForEach $ends {
        $child = Start-Child $IsShell $Code
        Wait-Child $child
        Assert-End $child
        $child.ExitCode | Should -Be $ExitCode -Because $child.Error
        $child.Output.Trim() | Should -Be $Output -Because 'standard output belongs to the script'
    }

    It 'of the process by SIG<Signal> while it waits, in <Name>' -Skip:$IsWindows -ForEach $signals {
        $child = Start-Child $IsShell '[Console]::Out.WriteLine("ready"); Wait-EmuVM $name -For Stopped -Timeout -1'
        $child.Process.StandardOutput.ReadLine() | Should -Be 'ready'
        kill "-$Signal" $child.Process.Id
        Wait-Child $child
        Assert-End $child
        $child.ExitCode | Should -Not -Be 0
    }

    It 'says nothing of VMs that ended before' {
        $child = Start-Child $true 'Get-EmuVM | Stop-EmuVM -TurnOff; exit 5'
        Wait-Child $child
        $child.Ended | Should -BeTrue
        $child.ExitCode | Should -Be 5
        $child.Error | Should -BeNullOrEmpty
        $child.Socket | Should -Not -Exist
    }

    It 'is said by Remove-Module, which stops nothing, and a new import finds them' {
        $child = Start-Child $true 'Remove-Module EmuPS; Import-Module $manifest; (Get-EmuVM).Name; (Get-EmuDimm -VM $name).DimmId; Get-EmuVM | Remove-EmuVM -Force; exit 6'
        Wait-Child $child
        $child.Ended | Should -BeTrue
        $child.ExitCode | Should -Be 6
        $child.Output -split '\s+' | Should -Be $child.Name, "$($child.Name)s", "$($child.Name)b", 'dimm1', ''
        $child.Error | Should -Match "unloaded.*until this process ends: $($child.Name), $($child.Name)s, $($child.Name)b"
        $child.Error | Should -Not -Match 'is lost'
    }

    It 'does not come with Import-Module -Force, however often' {
        $child = Start-Child $true ('1..5 | ForEach-Object { Import-Module $manifest -Force }; $again = Get-EmuVM $name; [object]::ReferenceEquals($again, $vm); $vm.State; ' +
            '$null = Remove-EmuDimm dimm1 -VM $vm -Wait -Timeout 30; @(Get-EmuDimm -VM $vm).Count; @(Get-Module EmuPS).Count; Get-EmuVM | Remove-EmuVM -Force')
        Wait-Child $child
        $child.Ended | Should -BeTrue
        $child.ExitCode | Should -Be 0 -Because $child.Error
        $child.Output -split '\s+' | Should -Be 'True', 'Running', '0', '1', ''
    }

    It 'of a runspace leaves its VMs to the others, and their waits end' {
        $name = 'q' + [guid]::NewGuid().ToString('N').Substring(0, 6)
        $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create()
        $shell.Runspace = $runspace
        $null = $shell.AddScript("Import-Module '$manifest'; `$vm = Start-EmuVM $name -Guest Simulated -Memory 64MB -Slots 1 -MaxMemory 1GB -Wait; " +
            "`$null = Register-ObjectEvent `$vm EventRaised -Action { }; 'begun'; Wait-EmuVM $name -For Stopped -Timeout -1; 'went on'")
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing.Complete()
        $run = $shell.BeginInvoke($nothing, $output)
        $limit = [datetime]::UtcNow.AddSeconds(60)
        while ($shell.Streams.Progress.Count -eq 0 -and -not $run.IsCompleted -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        $run.IsCompleted | Should -BeFalse -Because "$($shell.Streams.Error.ReadAll())"
        $closing = [System.Threading.Tasks.Task]::Run([System.Action] $runspace.Close)
        $closing.Wait(60000) | Should -BeTrue -Because 'closing must not wait for the VM'
        $output | Should -Not -Contain 'went on'
        $shell.Dispose()
        $runspace.Dispose()

        # The VM goes on, its events find nobody, and it can be worked with and removed from here.
        $vm = Get-EmuVM $name
        $vm.State | Should -Be Running
        $mark = $vm.LastEvent
        Add-EmuDimm -Size 2MB -Id dimm1 -VM $vm -Wait -Timeout 30 -ErrorAction Stop
        (Wait-EmuEvent ACPI_DEVICE_OST -VM $vm -After $mark -Timeout 30).VMName | Should -Be $name
        if ($IsLinux) { Get-VMThread $name | Should -Not -BeNullOrEmpty }
        Remove-EmuVM $vm -Force
        $limit = [datetime]::UtcNow.AddSeconds(60)
        while ((Get-VMThread $name) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        Get-VMThread $name | Should -BeNullOrEmpty
    }

    It 'of a VM gives back its memory' -Skip:(-not $IsLinux) {
        $path = Join-Path $TestDrive 'memory'
        $vm = Start-EmuVM -Guest Simulated -Memory 64MB -Slots 1 -MaxMemory 1GB -Dimm @{ Backend = @{ Id = 'mem1'; Size = '8M'; Path = $path } } -ErrorAction Stop
        [System.IO.File]::ReadAllText('/proc/self/maps') | Should -Match ([regex]::Escape($path))
        Remove-EmuVM $vm -Force
        [System.IO.File]::ReadAllText('/proc/self/maps') | Should -Not -Match ([regex]::Escape($path))
    }
}
