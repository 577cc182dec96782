# Starts a host as a process of its own and looks at what comes out: the host that runs the tests, or EmuPS.Shell wherever they run.
. (Join-Path $PSScriptRoot '../../src/build/HostCommand.ps1')

function Get-ShellExecutable {
    $name = if ($IsWindows) { 'EmuPS.Shell.exe' } else { 'EmuPS.Shell' }
    $root = Join-Path $PSScriptRoot '../..'
    $candidates = @(
        Join-Path $PSHOME $name
        Join-Path $root "artifacts/bin/EmuPS.Shell/release/$name"
        Join-Path $root "artifacts/bin/EmuPS.Shell/debug/$name"
    )
    foreach ($candidate in $candidates) {
        if ([System.IO.File]::Exists($candidate)) {
            return [System.IO.Path]::GetFullPath($candidate)
        }
    }

    throw 'EmuPS.Shell is not built: dotnet build src/EmuPS.Shell -c Release'
}

function Open-Process([string[]] $Command) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($Command[0])
    foreach ($argument in $Command | Select-Object -Skip 1) {
        $start.ArgumentList.Add($argument)
    }

    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [System.Diagnostics.Process]::Start($start)
}

# The host of these tests, without a profile and without a module loaded beforehand.
function Get-BareHost {
    Get-HostCommand
    if ($Host.Name -eq 'EmuPS.Shell') { '-NoModule' }
    '-NoProfile'
}

# EmuPS.Shell, also where pwsh runs the tests.
function Open-ShellProcess([string[]] $Arguments) {
    Open-Process (@(Get-ShellExecutable) + $Arguments)
}

# Waits for the end of a process. Its standard input holds the given bytes and then ends.
function Complete-Process([System.Diagnostics.Process] $Process, [byte[]] $InputBytes = @()) {
    try {
        $output = $Process.StandardOutput.ReadToEndAsync()
        $errors = $Process.StandardError.ReadToEndAsync()
        $Process.StandardInput.BaseStream.Write($InputBytes, 0, $InputBytes.Length)
        $Process.StandardInput.Close()
        $Process.WaitForExit()
        [pscustomobject]@{
            ExitCode = $Process.ExitCode
            Output = $output.GetAwaiter().GetResult()
            Error = $errors.GetAwaiter().GetResult()
        }
    }
    finally {
        $Process.Dispose()
    }
}

function Invoke-ShellProcess([string[]] $Arguments, [byte[]] $InputBytes = @()) {
    Complete-Process (Open-ShellProcess $Arguments) $InputBytes
}

function Invoke-HostProcess([string[]] $Arguments, [byte[]] $InputBytes = @()) {
    Complete-Process (Open-Process (@(Get-BareHost) + $Arguments)) $InputBytes
}
