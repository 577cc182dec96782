Describe 'Ctrl+C' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $manifest = Join-Path $PSScriptRoot '../../../EmuPS.psd1'
        $vm = New-TestVM
        Add-EmuDimm -Size 2MB -Id kept -VM $vm -Wait -Timeout 30 -ErrorAction Stop
        Set-EmuGuestPolicy -VM $vm -Plug Ignore -Unplug Ignore
    }

    AfterAll { Remove-TestVM $vm }

    # The command waits for what never comes; the host stops it as Ctrl+C does.
    It 'ends: <Command>' -ForEach @(
        @{ Command = 'Wait-EmuVM {vm} -For Stopped -Timeout -1' }
        @{ Command = 'Add-EmuDimm -VM {vm} -Size 2MB -Wait -Timeout -1' }
        @{ Command = 'Remove-EmuDimm kept -VM {vm} -Wait -Timeout -1' }
        @{ Command = 'Wait-EmuDimm kept -VM {vm} -For Removed -Timeout -1' }
        @{ Command = 'Wait-EmuEvent NEVER -VM {vm} -Timeout -1' }
        @{ Command = 'Get-EmuEvent -VM {vm} -Wait' }
        @{ Command = 'Get-EmuConsole -VM {vm} -Wait' }
        @{ Command = 'Receive-EmuConsole -VM {vm} -Wait -Pattern never -Timeout -1' }
        @{ Command = 'Show-EmuMemory -VM {vm} -Watch'; IsSilent = $true }
    ) {
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $text = $Command.Replace('{vm}', $vm.Name)
        # The output says that the command has begun; what it waits for cannot come.
        $null = $shell.AddScript("param(`$manifest) Import-Module `$manifest; 'begun'; $text; 'went on'").AddArgument($manifest)
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing.Complete()
        $run = $shell.BeginInvoke($nothing, $output)
        $limit = [datetime]::UtcNow.AddSeconds(60)
        while ($output.Count -eq 0 -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        # It waits when it shows progress, or when it has emitted what was there already.
        while (-not $IsSilent -and $output.Count -lt 2 -and $shell.Streams.Progress.Count -eq 0 -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        [datetime]::UtcNow | Should -BeLessThan $limit
        $run.IsCompleted | Should -BeFalse -Because "$($shell.Streams.Error.ReadAll())"
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be Stopped
        $output | Should -Not -Contain 'went on'
        $shell.Dispose()
        $vm.State | Should -Be Running
    }

    It 'takes the VM away that was still booting' {
        $name = 'cancel' + [guid]::NewGuid().ToString('N').Substring(0, 8)
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript("param(`$manifest) Import-Module `$manifest; Start-EmuVM $name -Guest Simulated -Memory 64MB -Suspended -Wait -Timeout -1").AddArgument($manifest)
        $run = $shell.BeginInvoke()
        $limit = [datetime]::UtcNow.AddSeconds(60)
        while ($shell.Streams.Progress.Count -eq 0 -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
        $run.IsCompleted | Should -BeFalse -Because "$($shell.Streams.Error.ReadAll())"
        Get-EmuVM $name | Should -Not -BeNullOrEmpty
        $shell.Stop()
        $shell.Dispose()
        Get-EmuVM "$name*" | Should -BeNullOrEmpty
    }
}
