# Starts EmuPS.Shell as a process of its own and looks at what comes out.

function Get-HostExecutable {
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

function Start-HostProcess([string[]] $Arguments, [string] $Executable = (Get-HostExecutable)) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($Executable)
    foreach ($argument in $Arguments) {
        $start.ArgumentList.Add($argument)
    }

    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [System.Diagnostics.Process]::Start($start)
}

# Runs the host to its end. Its standard input holds the given bytes and then ends.
function Invoke-HostProcess([string[]] $Arguments, [byte[]] $InputBytes = @()) {
    $process = Start-HostProcess $Arguments
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        $process.StandardInput.BaseStream.Write($InputBytes, 0, $InputBytes.Length)
        $process.StandardInput.Close()
        $process.WaitForExit()
        [pscustomobject]@{
            ExitCode = $process.ExitCode
            Output = $output.GetAwaiter().GetResult()
            Error = $errors.GetAwaiter().GetResult()
        }
    }
    finally {
        $process.Dispose()
    }
}
