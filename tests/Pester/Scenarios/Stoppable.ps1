# Dot-sourced: commands that run in a runspace of their own and are stopped as Ctrl+C stops them.

$manifest = Join-Path $PSScriptRoot '../../../EmuPS.psd1'

# Runs a script after 'begun'; if it comes to its end, 'went on' follows.
function Invoke-Stoppable {
    param([string] $Text)
    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
    $null = $shell.AddScript("param(`$manifest) Import-Module `$manifest; 'begun'; $Text; 'went on'").AddArgument($manifest)
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $nothing.Complete()
    @{ Shell = $shell; Output = $output; Run = $shell.BeginInvoke($nothing, $output) }
}

# Waits for what has to come, for a minute at most.
function Wait-Until {
    param([scriptblock] $Condition, [string] $Because, [object[]] $With = @())
    $limit = [datetime]::UtcNow.AddSeconds(60)
    while (-not (& $Condition @With)) {
        if ([datetime]::UtcNow -gt $limit) { throw "It did not come: $Because $Condition" }
        Start-Sleep -Milliseconds 20
    }
}

# What is in a stream so far: whoever enumerates one that is open waits for its end.
function Get-SoFar {
    param($Stream)
    for ($i = 0; $i -lt $Stream.Count; $i++) { $Stream[$i] }
}

# A command that takes long says so after a second.
function Wait-Progress {
    param($Running, [string] $Activity = '*')
    Wait-Until -With $Running, $Activity {
        param($one, $like)
        $one.Run.IsCompleted -or @(Get-SoFar $one.Shell.Streams.Progress | Where-Object Activity -Like $like)
    }
    Assert-Running $Running
}

function Assert-Running {
    param($Running)
    $Running.Run.IsCompleted | Should -BeFalse -Because "$(Get-SoFar $Running.Shell.Streams.Error)"
}

# Stops it, and looks whether it is over then.
function Assert-Stoppable {
    param($Running)
    Assert-Running $Running
    $Running.Shell.Stop()
    $Running.Shell.InvocationStateInfo.State | Should -Be Stopped
    $Running.Output | Should -Not -Contain 'went on'
    $Running.Shell.Streams.Error | Should -BeNullOrEmpty
    $Running.Shell.Dispose()
}

# The engine's threads, of one VM or of all.
function Get-EngineThread {
    param([string] $Name = '')
    if (-not $IsLinux) { return }
    foreach ($task in [System.IO.Directory]::GetDirectories('/proc/self/task')) {
        $comm = try { [System.IO.File]::ReadAllText("$task/comm").Trim() } catch { '' }
        if ($comm -like "EmuPS $Name*") { $comm }
    }
}
