# Runs the examples of a request file and writes what became of each. HelpExample.ps1 starts it as a process of its own, because
# examples stop and remove every VM they find.
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Manifest,
    [Parameter(Mandatory, Position = 1)] [string] $RequestPath,
    [Parameter(Mandatory, Position = 2)] [string] $AnswerPath
)

$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$request = Get-Content -LiteralPath $RequestPath -Raw | ConvertFrom-Json

# A guest with a kernel takes long to boot, so it stays for the next example.
$keepsStage = $request.Stage -notlike '*Simulated*'

function Invoke-Code([string] $Code) {
    $block = [scriptblock]::Create($Code)
    & $block
}

$answers = foreach ($example in $request.Examples) {
    $answer = @{ Id = $example.Id; Output = ''; Error = '' }
    try {
        $isStaged = $example.Code -notmatch '(?<!\w)Start-EmuVM'
        if ($isStaged -and -not (Get-EmuVM web1 -ErrorAction Ignore)) {
            $null = Invoke-Code $request.Stage
        }

        $answer.Output = (Invoke-Code $example.Code | Out-String -Width 160)
    }
    catch {
        $answer.Error = "$($_.FullyQualifiedErrorId): $_`n$($_.InvocationInfo.PositionMessage)"
    }

    Get-EmuVM | Where-Object { -not $keepsStage -or $_.Name -ne 'web1' } | Remove-EmuVM -Force
    [pscustomobject] $answer
}

Get-EmuVM | Remove-EmuVM -Force
Set-Content -LiteralPath $AnswerPath -Value (ConvertTo-Json @($answers))
