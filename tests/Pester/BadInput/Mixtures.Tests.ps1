# Good and bad things through one pipeline: the good ones are done, each bad one has an error of its own that says which it is.

Describe 'Piped mixtures' -Tag Unit {
    # Discovery: the data of the tests below.
    Import-Module (Join-Path $PSScriptRoot '../../../EmuPS.psd1')
    # What is piped where VMs are taken, and the errors in their order: no such VM, one that is stopped, nothing, another thing.
    $vms = '@vm', 'nosuch', '@stoppedVM', $null, '@date', '@removedVM', '[', '@otherVM'
    $errors = 'VMNotFound', 'VMNotRunning', 'ParameterArgumentValidationError*', 'InputObjectNotBound', 'VMNotFound', 'InvalidPattern'
    $targets = 'nosuch', '@stoppedVM', $null, '@date', '@removedVM', '['
    $both = 'vm', 'otherVM'
    # A cmdlet that only looks finds a stopped VM too.
    $looks = 'VMNotFound', 'ParameterArgumentValidationError*', 'InputObjectNotBound', 'VMNotFound', 'InvalidPattern'
    $lookTargets = 'nosuch', $null, '@date', '@removedVM', '['
    $emitters = { @($call.Output | ForEach-Object { $_.VMName } | Sort-Object -Unique) }

    $rows = @(
        @{ Cmdlet = 'Add-EmuDimm'; With = @{ Size = 2MB; Id = 'new1' }; Piped = $vms; Errors = $errors; Targets = 'nosuch', 'new1', $null, '@date', '@removedVM', '['
            Done = { (Get-EmuDimm new1* -VM $fixture.vm, $fixture.otherVM).VMName }; Good = $both }
        @{ Cmdlet = 'Add-EmuDimm'; With = @{ VM = '@vm'; Wait = $true; Timeout = 30 }; Piped = 'free0', 'nosuch', 'mem-dimm0', '@otherBackend', '[', $null, '@date', 'free1'
            Errors = 'BackendNotFound', 'BackendInUse', 'BackendOfAnotherVM', 'InvalidPattern', 'ParameterArgumentValidationError*', 'InputObjectNotBound'
            Targets = 'nosuch', 'mem-dimm0', 'free0', '[', $null, '@date'
            Done = { (Get-EmuDimm -VM $fixture.vm).BackendId | Where-Object { $_ -like 'free*' } }; Good = 'free0', 'free1' }
        @{ Cmdlet = 'New-EmuMemoryBackend'; With = @{ Size = 2MB; Id = 'new1' }; Piped = $vms; Errors = $errors; Targets = 'nosuch', 'new1', $null, '@date', '@removedVM', '['
            Done = { (Get-EmuMemoryBackend new1* -VM $fixture.vm, $fixture.otherVM).VMName }; Good = $both }
        @{ Cmdlet = 'Remove-EmuMemoryBackend'; With = @{ VM = '@vm' }; Piped = 'free0', 'nosuch', 'mem-dimm0', 'pc.ram', '@otherBackend', '@removedVMBackend', '[', $null, '@date', 'free1'
            Errors = 'BackendNotFound', 'BackendInUse', 'BackendInUse', 'BackendOfAnotherVM', 'VMNotFound', 'InvalidPattern', 'ParameterArgumentValidationError*', 'InputObjectNotBound'
            Targets = 'nosuch', 'mem-dimm0', 'pc.ram', 'free0', 'free0', '[', $null, '@date'
            Done = { 'free0', 'free1' | Where-Object { -not (Get-EmuMemoryBackend "$_*" -VM $fixture.vm) } }; Good = 'free0', 'free1' }
        @{ Cmdlet = 'Remove-EmuDimm'; With = @{ Wait = $true; Timeout = 30 }; Piped = '@dimm', '@removedDimm', '@stoppedDimm', '@removedVMDimm', $null, '@date', '@otherDimm'
            Errors = 'DimmNotFound', 'VMNotRunning', 'VMNotFound', 'ParameterArgumentValidationError*', 'InputObjectNotBound'
            Targets = 'dimm1', 'dimm0', 'dimm0', $null, '@date'
            Done = { $fixture.vm, $fixture.otherVM | Where-Object { -not (Get-EmuDimm dimm0* -VM $_) } }; Good = $both }
        @{ Cmdlet = 'Remove-EmuDimm'; With = @{ VM = '@vm'; Wait = $true; Timeout = 30 }; Piped = 'dimm0', 'nosuch', '@otherDimm', '[', 'dimm2'
            Errors = 'DimmNotFound', 'DimmOfAnotherVM', 'InvalidPattern'; Targets = 'nosuch', 'dimm0', '['
            Done = { 'dimm0', 'dimm2' | Where-Object { -not (Get-EmuDimm "$_*" -VM $fixture.vm) } }; Good = 'dimm0', 'dimm2' }
        @{ Cmdlet = 'Remove-EmuDimm'; What = 'rows'; With = @{ Wait = $true; Timeout = 30 }; Piped = '@rowGood', '@rowNoVM', '@rowNoDimm', '@rowEmpty', '@rowGood2'
            Errors = 'VMNotFound', 'DimmNotFound', 'DimmNotFound'; Targets = 'nosuch', 'nosuch', ''
            Done = { 'dimm0', 'dimm2' | Where-Object { -not (Get-EmuDimm "$_*" -VM $fixture.vm) } }; Good = 'dimm0', 'dimm2' }
        @{ Cmdlet = 'Wait-EmuDimm'; With = @{ PassThru = $true; Timeout = 30 }; Piped = '@dimm', '@removedDimm', '@stoppedDimm', '@removedVMDimm', $null, '@otherDimm'
            Errors = 'DimmNotFound', 'VMNotRunning', 'VMNotFound', 'ParameterArgumentValidationError*'; Targets = 'dimm1', 'dimm0', 'dimm0', $null
            Done = $emitters; Good = $both; IsEnd = $true }
        @{ Cmdlet = 'Get-EmuDimm'; With = @{ VM = '@vm' }; Piped = 'dimm0', 'nosuch', '@otherDimm', '[', $null, 'dimm2'
            Errors = 'DimmNotFound', 'DimmOfAnotherVM', 'InvalidPattern', 'ParameterArgumentValidationError*'; Targets = 'nosuch', 'dimm0', '[', $null
            Done = { $call.Output | ForEach-Object { $_.DimmId } }; Good = 'dimm0', 'dimm2' }
        @{ Cmdlet = 'Get-EmuMemoryBackend'; With = @{ VM = '@vm' }; Piped = 'free0', 'nosuch', '@otherBackend', '[', $null, 'free1'
            Errors = 'BackendNotFound', 'BackendOfAnotherVM', 'InvalidPattern', 'ParameterArgumentValidationError*'; Targets = 'nosuch', 'free0', '[', $null
            Done = { $call.Output | ForEach-Object { $_.BackendId } }; Good = 'free0', 'free1' }
        @{ Cmdlet = 'Get-EmuVM'; With = @{}; Piped = '@vmName', 'nosuch', '[', $null, '@otherVMName'
            Errors = 'VMNotFound', 'InvalidPattern', 'ParameterArgumentValidationError*'; Targets = 'nosuch', '[', $null
            Done = { $call.Output }; Good = $both }
        @{ Cmdlet = 'Get-EmuGuestImage'; With = @{}; Piped = 'Simulated', 'nosuch', '[', $null, 'simul*'
            Errors = 'GuestImageNotFound', 'InvalidPattern', 'ParameterArgumentValidationError*'; Targets = 'nosuch', '[', $null
            Done = { $call.Output | ForEach-Object { $_.Name } }; Good = 'Simulated', 'Simulated' }
        @{ Cmdlet = 'Remove-EmuGuestImage'; With = @{}; Piped = 'made1', 'nosuch', 'Simulated', '[', $null, 'made2'
            Errors = 'GuestImageNotFound', 'GuestImageIsBuiltIn', 'InvalidPattern', 'ParameterArgumentValidationError*'; Targets = 'nosuch', 'Simulated', '[', $null
            Done = { 'made1', 'made2' | Where-Object { -not (Get-EmuGuestImage "$_*") } }; Good = 'made1', 'made2' }
        @{ Cmdlet = 'Suspend-EmuVM'; With = @{}; Piped = $vms; Errors = $errors; Targets = $targets; Done = { $fixture.vm, $fixture.otherVM | Where-Object State -EQ Paused }; Good = $both }
        @{ Cmdlet = 'Resume-EmuVM'; With = @{}; Piped = $vms; Errors = $errors; Targets = $targets
            Before = { Suspend-EmuVM $fixture.vm, $fixture.otherVM }; Done = { $fixture.vm, $fixture.otherVM | Where-Object State -EQ Running }; Good = $both }
        @{ Cmdlet = 'Restart-EmuVM'; With = @{ Wait = $true; Timeout = 30 }; Piped = $vms; Errors = $errors; Targets = $targets
            Done = { $fixture.vm, $fixture.otherVM | Where-Object { Get-EmuEvent RESET -VM $_ -After $events[$_.Name] } }; Good = $both }
        @{ Cmdlet = 'Stop-EmuVM'; With = @{ TurnOff = $true; Timeout = 30 }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Done = { $fixture.vm, $fixture.otherVM | Where-Object State -EQ Stopped }; Good = $both }
        @{ Cmdlet = 'Remove-EmuVM'; With = @{}; Piped = '@extraVM', '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@extraVM2'
            Errors = @('VMStillRunning') + $looks; Targets = @('@vm') + $lookTargets
            Done = { 'extraVM', 'extraVM2' | Where-Object { $fixture[$_] -notin @(Get-EmuVM) } | ForEach-Object { $fixture[$_] } }; Good = 'extraVM', 'extraVM2' }
        @{ Cmdlet = 'Start-EmuVM'; With = @{}; Piped = '@extraVM', '@vm', '@removedVM', '@date', '@extraVM2'
            Errors = 'VMAlreadyRunning', 'VMNotFound', 'InputObjectNotBound'; Targets = '@vm', '@removedVM', '@date'
            Done = { $fixture.extraVM, $fixture.extraVM2 | Where-Object State -EQ Running }; Good = 'extraVM', 'extraVM2' }
        @{ Cmdlet = 'Wait-EmuVM'; With = @{ PassThru = $true; Timeout = 30 }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Done = { $call.Output }; Good = $both; IsEnd = $true }
        @{ Cmdlet = 'Get-EmuConsole'; With = @{ Pattern = 'EMUPS-READY' }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Done = { $call.Output }; Good = 'EMUPS-READY', 'EMUPS-READY' }
        @{ Cmdlet = 'Receive-EmuConsole'; With = @{ Keep = $true; Pattern = 'EMUPS-READY' }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Done = { $call.Output }; Good = 'EMUPS-READY', 'EMUPS-READY' }
        @{ Cmdlet = 'Get-EmuDimmSlot'; With = @{ Slot = 0 }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets; Done = $emitters; Good = $both }
        @{ Cmdlet = 'Get-EmuEvent'; With = @{ Last = 1 }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets; Done = $emitters; Good = $both }
        @{ Cmdlet = 'Get-EmuGuestPolicy'; With = @{}; Piped = $vms; Errors = $errors; Targets = $targets; Done = $emitters; Good = $both }
        @{ Cmdlet = 'Set-EmuGuestPolicy'; With = @{ Delay = 0.25 }; Piped = $vms; Errors = $errors; Targets = $targets
            Done = { (Get-EmuGuestPolicy -VM $fixture.vm, $fixture.otherVM | Where-Object { $_.Delay.TotalSeconds -eq 0.25 }).VMName }; Good = $both }
        @{ Cmdlet = 'Get-EmuMemory'; With = @{}; Piped = $vms; Errors = $errors; Targets = $targets; Done = $emitters; Good = $both }
        @{ Cmdlet = 'Show-EmuMemory'; With = @{ OutFile = '@folder/mix.svg' }; Piped = $vms; Errors = $errors; Targets = $targets
            Done = { if ([System.IO.File]::ReadAllText("$($fixture.folder)/mix.svg").Contains($fixture.otherVM.Name)) { 'the last' } }; Good = 'the last'; IsEnd = $true }
        @{ Cmdlet = 'Start-EmuQmpServer'; With = @{ Port = 0 }; Piped = $vms; Errors = $errors; Targets = $targets; Done = { (Get-EmuQmpServer -VM $fixture.vm, $fixture.otherVM).VMName }; Good = $both }
        @{ Cmdlet = 'Get-EmuQmpServer'; With = @{}; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Before = { $null = Start-EmuQmpServer -Port 0 -VM $fixture.vm, $fixture.otherVM }; Done = $emitters; Good = $both }
        @{ Cmdlet = 'Stop-EmuQmpServer'; With = @{}; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Before = { $null = Start-EmuQmpServer -Port 0 -VM $fixture.vm, $fixture.otherVM }
            Done = { $fixture.vm, $fixture.otherVM | Where-Object { -not (Get-EmuQmpServer -VM $_) } }; Good = $both }
        @{ Cmdlet = 'Invoke-EmuQmpCommand'; With = @{ Command = 'query-name' }; Piped = $vms; Errors = $errors; Targets = $targets; Done = { $call.Output | ForEach-Object { $_.name } }; Good = $both }
        @{ Cmdlet = 'Invoke-EmuMonitorCommand'; With = @{ VM = '@vm' }; Piped = 'info status', $null, '', 'info name'
            Errors = 'ParameterArgumentValidationError*', 'ParameterArgumentValidationError*'; Targets = $null, ''
            Done = { $call.Output -replace '.*(status).*', '$1' -replace '^(?!status).*', 'name' }; Good = 'status', 'name' }
        @{ Cmdlet = 'Wait-EmuEvent'; With = @{ Name = 'RESUME'; After = 0; Timeout = 30 }; Piped = '@vm', 'nosuch', $null, '@date', '@removedVM', '[', '@otherVM'; Errors = $looks; Targets = $lookTargets
            Done = $emitters; Good = $both }
        @{ Cmdlet = 'Send-EmuConsole'; With = @{ VM = '@vm' }; Piped = 'a', $null, 'b'; Errors = @('ParameterArgumentValidationError*'); Targets = @($null); Done = { 'sent' }; Good = 'sent'; IsEnd = $true }
        # No guest with a shell and no terminal here: the good ones have an error too, and each its own.
        @{ Cmdlet = 'Copy-EmuGuestFile'; With = @{ VM = '@vm'; ToGuest = $true; Destination = '/root' }; Piped = '@folder/file.txt', '@folder/nosuch', 'Env:PATH', $null, '@folder/file.txt'
            Errors = 'GuestHasNoAgent', 'FileUnavailable', 'InvalidPath', 'ParameterArgumentValidationError*', 'GuestHasNoAgent'
            Targets = '@folder/file.txt', '@folder/nosuch', 'Env:PATH', $null, '@folder/file.txt'; Done = { 'asked' }; Good = 'asked'; IsEnd = $true }
        @{ Cmdlet = 'Enter-EmuConsole'; With = @{ EscapeKey = '1' }; Piped = $vms; Errors = @('InvalidArgument') + $errors + 'InvalidArgument'; Targets = @('@vm') + $targets + '@otherVM'; Done = { 'asked' }; Good = 'asked'; IsEnd = $true }
    )
    foreach ($row in $rows) {
        $row.CanWhatIf = (Get-Command $row.Cmdlet).Parameters.ContainsKey('WhatIf')
        if (-not $row.What) { $row.What = "$($row.Piped.Count) things" }
    }
    $all = @(@{ Rows = $rows })

    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        . (Join-Path $PSScriptRoot 'Call.ps1')
        $script:cache = $env:EMUPS_CACHE
        $env:EMUPS_CACHE = Join-Path $TestDrive 'cache'
        $script:runspace = New-BadRunspace
    }

    AfterAll {
        $env:EMUPS_CACHE = $cache
        $runspace.Dispose()
    }

    BeforeEach {
        $script:fixture = New-BadFixture (Join-Path $TestDrive 'files') $runspace
        $fixture.date = [datetime] '2026-01-01'
        $fixture.vmName = $fixture.vm.Name
        $fixture.otherVMName = $fixture.otherVM.Name
        $fixture.rowGood = [pscustomobject] @{ DimmId = 'dimm0'; VMName = $fixture.vm.Name }
        $fixture.rowGood2 = [pscustomobject] @{ DimmId = 'dimm2'; VMName = $fixture.vm.Name }
        $fixture.rowNoVM = [pscustomobject] @{ DimmId = 'dimm0'; VMName = 'nosuch' }
        $fixture.rowNoDimm = [pscustomobject] @{ DimmId = 'nosuch'; VMName = $fixture.vm.Name }
        $fixture.rowEmpty = [pscustomobject] @{ DimmId = ''; VMName = $fixture.vm.Name }
        Add-EmuDimm -Size 2MB -Id dimm2 -VM $fixture.vm -Wait -Timeout 30
        $null = New-EmuMemoryBackend free1 2MB -VM $fixture.vm
        $script:events = @{}
        foreach ($vm in $fixture.vm, $fixture.otherVM) { $events[$vm.Name] = $vm.LastEvent }
    }

    AfterEach { Remove-BadFixture $fixture }

    It 'are tried with each cmdlet that takes something from the pipeline' -ForEach $all {
        $takers = foreach ($command in Get-Command -Module EmuPS) {
            if ($command.ParameterSets.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }) { $command.Name }
        }
        # Every line is input for a command; packages make one image or none (BadInput.Tests.ps1).
        $takers | Where-Object { $_ -notin $Rows.Cmdlet -and $_ -notin 'Invoke-EmuGuestCommand', 'New-EmuGuestImage' } | Should -BeNullOrEmpty
    }

    Context '<Cmdlet>, <What>' -ForEach $rows {
        BeforeEach {
            foreach ($name in 'extraVM', 'extraVM2' | Where-Object { "@$_" -in $Piped }) {
                $fixture[$name] = New-TestVM
                Stop-EmuVM $fixture[$name] -TurnOff
            }

            foreach ($name in 'made1', 'made2' | Where-Object { $_ -in $Piped }) {
                $folder = New-Item -ItemType Directory -Path (Join-Path $env:EMUPS_CACHE "guests/$name") -Force
                'vmlinuz', 'initrd.img' | ForEach-Object { Set-Content -LiteralPath (Join-Path $folder.FullName $_) -Value x }
                Set-Content -LiteralPath (Join-Path $folder.FullName 'image.json') -Value '{"kernelVersion":"1","created":"2026-01-01T00:00:00+00:00"}'
            }

            $script:arguments = Resolve-BadValue $fixture $With
            $script:things = foreach ($thing in $Piped) { , (Resolve-BadValue $fixture $thing) }
            $script:names = foreach ($one in $Good) { if ($fixture[$one]) { "$($fixture[$one])" } else { $one } }
            if ($Before) { & $Before }
        }

        It 'does nothing with -WhatIf, then the good ones, with an error for each bad one' {
            if ($CanWhatIf) {
                $call = Invoke-Call $fixture $Cmdlet ($arguments + @{ WhatIf = $true }) $things
                $call.Ended | Should -BeTrue
                $call.Terminating | Should -BeNullOrEmpty
                $call.Output | Should -BeNullOrEmpty
                if (-not $IsEnd) { @(& $Done) | Should -BeNullOrEmpty }
                @($call.Errors | Where-Object FullyQualifiedErrorId -Match '^(VM|Dimm|GuestImage)NotFound') |
                    Should -HaveCount @($Errors | Where-Object { $_ -match '^(VM|Dimm|GuestImage)NotFound' }).Count
            }

            $call = Invoke-Call $fixture $Cmdlet $arguments $things
            $call.Ended | Should -BeTrue
            $call.Terminating | Should -BeNullOrEmpty
            $ids = @($call.Errors | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] })
            $ids.Count | Should -Be $Errors.Count -Because "$($call.Errors)"
            for ($i = 0; $i -lt $ids.Count; $i++) {
                $ids[$i] | Should -BeLike $Errors[$i] -Because "$($call.Errors[$i])"
                "$($call.Errors[$i].TargetObject)" | Should -Be "$(Resolve-BadValue $fixture $Targets[$i])" -Because "$($call.Errors[$i])"
            }

            @(& $Done | ForEach-Object { "$_" }) | Should -Be $names
        }

        It 'stops at the first bad one when asked to' {
            $call = Invoke-Call $fixture $Cmdlet ($arguments + @{ ErrorAction = 'Stop' }) $things
            $call.Ended | Should -BeTrue
            $call.Terminating.FullyQualifiedErrorId | Should -BeLike "$($Errors[0]),*"
            if (-not $IsEnd) { @(& $Done).Count | Should -BeLessThan $names.Count }
        }
    }
}
