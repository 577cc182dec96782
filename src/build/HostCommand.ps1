# Dot-sourced: how to start another process of the host this runs in.

# The executable, and what has to stand before the arguments.
function Get-HostCommand {
    $process = [System.Environment]::ProcessPath
    if ([System.IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') {
        return $process, [System.Environment]::GetCommandLineArgs()[0]
    }

    $process
}
