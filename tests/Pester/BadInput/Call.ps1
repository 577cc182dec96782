# The fixture of the bad calls, and how one is made and looked at. Dot-sourced in BeforeAll, after common.ps1.

# Two VMs that run, one that is stopped, and things that are gone. All have a DIMM dimm0 and a free backend free0.
function New-BadFixture {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
    param([string] $Folder, $Runspace)
    $fixture = @{ runspace = $Runspace; prefix = 'bad' + [guid]::NewGuid().ToString('N').Substring(0, 8); folder = $Folder }
    foreach ($name in 'vm', 'otherVM', 'stoppedVM', 'removedVM') {
        $vm = New-TestVM -Slots 4
        Add-EmuDimm -Size 2MB -VM $vm -Id dimm0 -Wait -Timeout 30 -ErrorAction Stop
        $null = New-EmuMemoryBackend free0 2MB -VM $vm -ErrorAction Stop
        $fixture[$name] = $vm
    }

    Add-EmuDimm -Size 2MB -VM $fixture.vm -Id dimm1 -Wait -Timeout 30 -ErrorAction Stop
    $fixture.removedDimm = Get-EmuDimm dimm1 -VM $fixture.vm
    $fixture.removedBackend = Get-EmuMemoryBackend mem-dimm1 -VM $fixture.vm
    Remove-EmuDimm dimm1 -VM $fixture.vm -WithBackend -Wait -Timeout 30 -ErrorAction Stop
    $fixture.dimm = Get-EmuDimm dimm0 -VM $fixture.vm
    $fixture.backend = Get-EmuMemoryBackend free0 -VM $fixture.vm
    foreach ($name in 'other', 'stopped', 'removed') {
        # A thing that was removed itself is another one than a thing of a removed VM.
        $prefix = $name -replace 'removed', 'removedVM'
        $fixture["${prefix}Dimm"] = Get-EmuDimm dimm0 -VM $fixture["${name}VM"]
        $fixture["${prefix}Backend"] = Get-EmuMemoryBackend free0 -VM $fixture["${name}VM"]
    }

    Stop-EmuVM $fixture.stoppedVM -TurnOff -ErrorAction Stop
    Remove-EmuVM $fixture.removedVM -Force -ErrorAction Stop
    $null = New-Item -ItemType Directory -Path $Folder -Force
    Set-Content -LiteralPath (Join-Path $Folder 'file.txt') -Value 'a text'
    $cycle = @{}
    $cycle.self = $cycle
    $fixture.cycle = $cycle
    $fixture
}

# Calls are made in a runspace of their own: one that hangs is stopped, and fails its test instead of all.
function New-BadRunspace {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
    param()
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $null = Invoke-Call @{ runspace = $runspace } 'Import-Module' -Arguments @{ Name = (Join-Path $PSScriptRoot '../../../EmuPS.psd1') }
    $runspace
}

function Remove-BadFixture {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A helper of tests.')]
    param($Fixture)
    foreach ($name in 'vm', 'otherVM', 'stoppedVM', 'extraVM', 'extraVM2') { Remove-TestVM $Fixture[$name] }
}

# The thing of the fixture that a value of the tables names.
function Resolve-BadValue($Fixture, $Value) {
    if ($Value -is [hashtable]) {
        $copy = @{}
        foreach ($key in $Value.Keys) { $copy[$key] = Resolve-BadValue $Fixture $Value[$key] }
        return $copy
    }

    if ($Value -isnot [string] -or $Value -notmatch '^@(\w+)(?s:(.*))$') { return , $Value }
    $thing = $Fixture[$Matches[1]]
    if ($Matches[2]) { "$thing$($Matches[2])" } else { $thing }
}

# Runs a cmdlet; what it emitted, every error it made, ending or not, and whether it came to an end by itself.
function Invoke-Call($Fixture, [string] $Cmdlet, [hashtable] $Arguments, [object[]] $Piped = @(), [int] $LimitSeconds = 30) {
    $shell = [powershell]::Create()
    $shell.Runspace = $Fixture.runspace
    $null = $shell.AddCommand($Cmdlet)
    foreach ($key in $Arguments.Keys) { $null = $shell.AddParameter($key, $Arguments[$key]) }
    $given = [System.Management.Automation.PSDataCollection[psobject]]::new()
    foreach ($thing in $Piped) { $given.Add($thing) }
    $given.Complete()
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $call = @{ Ended = $true; Output = $output; Errors = @(); Terminating = $null }
    try {
        $run = $shell.BeginInvoke($given, $output)
        if ($run.AsyncWaitHandle.WaitOne($LimitSeconds * 1000)) {
            $null = $shell.EndInvoke($run)
        }
        else {
            $call.Ended = $false
            $shell.Stop()
        }
    }
    catch {
        $reason = $_.Exception
        while ($reason -is [System.Management.Automation.MethodInvocationException] -and $reason.InnerException) { $reason = $reason.InnerException }
        $call.Terminating = $reason.ErrorRecord
    }

    $call.Errors = @(@($shell.Streams.Error.ReadAll()) + $call.Terminating | Where-Object { $_ })
    $shell.Dispose()
    $call
}

# All of what a bad call must leave as it was.
function Get-BadState($Fixture) {
    $lines = foreach ($name in 'vm', 'otherVM', 'stoppedVM') {
        $vm = $Fixture[$name]
        "$name $($vm.State) $($vm.MemoryBytes) $($vm.PluggedBytes) event $($vm.LastEvent)"
        foreach ($dimm in Get-EmuDimm -VM $vm) { "$name DIMM $dimm $($dimm.Slot) $($dimm.Address) $($dimm.SizeBytes) $($dimm.State) over $($dimm.BackendId)" }
        foreach ($backend in Get-EmuMemoryBackend -VM $vm -IncludeMain) { "$name backend $backend $($backend.SizeBytes) in use by '$($backend.InUseBy)'" }
        foreach ($server in Get-EmuQmpServer -VM $vm) { "$name QMP $($server.Endpoint)" }
        if ($vm.State -eq 'Running') {
            foreach ($policy in @(Get-EmuGuestPolicy -VM $vm) + @(Get-EmuGuestPolicy -VM $vm -Dimm dimm0)) { "$name policy $($policy.DimmId) $($policy.Plug) $($policy.Unplug) $($policy.Delay)" }
            "$name answers $((Invoke-EmuQmpCommand query-status -VM $vm).status)"
        }
    }
    @($lines) + @(Get-EmuVM "$($Fixture.prefix)*" | ForEach-Object { "a new VM $_" }) -join "`n"
}

# Undoes what a call did with a value that turned out to be taken.
function Restore-BadFixture($Fixture) {
    Get-EmuVM "$($Fixture.prefix)*" | Remove-EmuVM -Force
    foreach ($vm in $Fixture.vm, $Fixture.otherVM) {
        if ($vm.State -eq 'Paused') { Resume-EmuVM $vm }
        Get-EmuQmpServer -VM $vm | Stop-EmuQmpServer
        Set-EmuGuestPolicy -VM $vm -Plug Accept -Unplug Accept -Delay 0
        Set-EmuGuestPolicy -VM $vm -Plug Accept -Unplug Accept -Dimm *
        Get-EmuDimm -VM $vm | Where-Object DimmId -NE dimm0 | Remove-EmuDimm -Wait -Timeout 30
        Get-EmuMemoryBackend -VM $vm -Unused | Where-Object BackendId -NE free0 | Remove-EmuMemoryBackend
    }
}

# What is wrong with how a call with a bad value went; nothing when all is as it should be.
function Test-BadCall($Fixture, $Row, $Case, [string[]] $KnownIds) {
    $value = Resolve-BadValue $Fixture $Case.Value
    $arguments = Resolve-BadValue $Fixture $Row.With
    $arguments[$Row.Parameter] = $value
    if (-not $Fixture.state) { $Fixture.state = Get-BadState $Fixture }
    $before = $Fixture.state
    $call = Invoke-Call $Fixture $Row.Cmdlet -Arguments $arguments
    $what = "$($Case.Kind) (expected: $($Case.Expect))"
    if (-not $call.Ended) { return "${what}: it hung" }
    $said = ($call.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" }) -join '; '
    $isError = $Case.Expect -notmatch '^(nothing|taken): .'
    if ($isError -ne ($call.Errors.Count -gt 0)) { "${what}: errors were: $said" }
    if ($Case.Expect -like 'nothing:*' -and $call.Output.Count -gt 0) { "${what}: it emitted $($call.Output)" }
    foreach ($problem in $call.Errors) {
        $id = ($problem.FullyQualifiedErrorId -split ',')[0]
        if ($Case.Expect -eq 'binding') {
            if ($id -notmatch '^(ParameterArgument\w+|ParameterBindingFailed|CannotConvertArgument\w*|ScriptBlockArgumentNoInput)$') { "${what}: $said" }
        }
        elseif ($isError) {
            if ($id -ne $Case.Expect) { "${what}: $said" }
            if ($id -notin $KnownIds) { "${what}: '$id' is not in docs/surface.txt" }
            if ($null -eq $problem.TargetObject) { "${what}: the error has no target" }
        }

        $text = "$problem $($problem.ErrorDetails.RecommendedAction)"
        $words = @($Row.Parameter) + $Row.Names + @($value | ForEach-Object { "$_".Substring(0, [Math]::Min(40, "$_".Length)).Replace("`0", '\0') } | Where-Object { $_ })
        if ("$value" -eq '') { $words += "''" }
        if (-not ($words | Where-Object { $text.Contains($_, [System.StringComparison]::OrdinalIgnoreCase) })) { "${what}: it names neither the parameter nor the value: $text" }
    }

    if ($Case.Expect -like 'taken:*') {
        Restore-BadFixture $Fixture
        $Fixture.state = $null
        return
    }

    $after = $Fixture.state = Get-BadState $Fixture
    if ($after -ne $before) { "${what}: before:`n$before`nafter:`n$after" }
}
