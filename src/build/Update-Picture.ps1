<#
.SYNOPSIS
Does the main job with a real kernel and draws what happened into docs/hotplug.svg, the README's picture.

.DESCRIPTION
Nothing in the picture is typed by hand but the commands: output and figures are those of this run.

.EXAMPLE
dotnet run -c Release --project src/EmuPS.Shell -- src/build/Update-Picture.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
Import-Module (Join-Path $root 'EmuPS.psd1')
if ((Get-EmuGuestImage).Name -notcontains 'debian-cloud') { $null = New-EmuGuestImage }

$lines = [System.Collections.Generic.List[object]]::new()
$states = [System.Collections.Generic.List[object]]::new()
$width = 960
$shown = 106

# What is shown is what is run.
function Add-Command([string] $Text) {
    $lines.Add(@{ Kind = 'command'; Text = $Text })
    $output = & ([scriptblock]::Create($Text)) | Out-String -Width $shown
    foreach ($line in $output.Replace("`r", '').Split("`n")) {
        if ($line.Trim()) { $lines.Add(@{ Kind = 'output'; Text = $line.TrimEnd() }) }
    }
}

function Add-State([string] $Title) {
    $memory = Get-EmuMemory -Guest -VM web1
    $states.Add(@{ Title = $Title; Total = $memory.MemTotal; Blocks = $memory.BlocksOnline; Dimms = @(Get-EmuDimm -VM web1 | ForEach-Object { @{ Id = $_.DimmId; Size = $_.SizeBytes } }) })
}

Add-Command '$vm = Start-EmuVM web1 -Memory 1GB -Slots 3 -MaxMemory 4GB -OnlinePolicy Movable -Wait'
try {
    Add-Command "Invoke-EmuGuestCommand 'uname -sr; grep MemTotal /proc/meminfo'"
    Add-State 'before'
    Add-Command 'New-EmuMemoryBackend mem1 1GB | Add-EmuDimm -Id dimm1 -Wait'
    Wait-EmuDimm dimm1 -For Online
    Add-Command 'Get-EmuDimm'
    Add-Command "Invoke-EmuGuestCommand 'grep MemTotal /proc/meminfo'"
    Add-State 'with dimm1'
    Add-Command 'Get-EmuDimm | Remove-EmuDimm -Wait -PassThru'
    Add-State 'after'
}
finally {
    Remove-EmuVM web1 -Force
}

function ConvertTo-XmlText([string] $Text) { [System.Security.SecurityElement]::Escape($Text) }

$lineHeight = 19
$top = 54
$termHeight = $top + $lines.Count * $lineHeight + 8
$barTop = $termHeight + 34
$rowHeight = 46
$height = $barTop + $states.Count * $rowHeight + 44
$scale = 620 / 4GB
$left = 130
$svg = [System.Collections.Generic.List[string]]::new()
$svg.Add("<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $width $height`" width=`"$width`" height=`"$height`" role=`"img`" aria-label=`"A Debian kernel gets a DIMM of 1 GiB in a PowerShell pipeline and gives it back`">")
$svg.Add("<rect width=`"$width`" height=`"$height`" rx=`"10`" fill=`"#0f1720`"/>")
$svg.Add("<rect width=`"$width`" height=`"34`" rx=`"10`" fill=`"#1d2a38`"/><rect y=`"22`" width=`"$width`" height=`"12`" fill=`"#1d2a38`"/>")
$svg.Add('<circle cx="20" cy="17" r="6" fill="#ff6159"/><circle cx="40" cy="17" r="6" fill="#ffbd2e"/><circle cx="60" cy="17" r="6" fill="#28c941"/>')
$svg.Add("<text x=`"$($width / 2)`" y=`"22`" fill=`"#8fa3b8`" font-family=`"sans-serif`" font-size=`"13`" text-anchor=`"middle`">PowerShell</text>")
$svg.Add('<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13.5" xml:space="preserve">')
$y = $top + 6
foreach ($line in $lines) {
    if ($line.Kind -eq 'command') {
        $svg.Add("<text x=`"18`" y=`"$y`"><tspan fill=`"#6cb6ff`">PS&gt; </tspan><tspan fill=`"#f4f7fa`">$(ConvertTo-XmlText $line.Text)</tspan></text>")
    }
    else {
        $svg.Add("<text x=`"18`" y=`"$y`" fill=`"#9fb2c5`">$(ConvertTo-XmlText $line.Text)</text>")
    }

    $y += $lineHeight
}
$svg.Add('</g>')
$svg.Add("<line x1=`"0`" x2=`"$width`" y1=`"$termHeight`" y2=`"$termHeight`" stroke=`"#26384a`"/>")
$svg.Add('<g font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13">')
$row = $barTop
foreach ($state in $states) {
    $middle = $row + 17
    $svg.Add("<text x=`"$($left - 14)`" y=`"$middle`" fill=`"#c9d6e3`" text-anchor=`"end`">$(ConvertTo-XmlText $state.Title)</text>")
    $svg.Add("<rect x=`"$left`" y=`"$row`" width=`"$(4GB * $scale)`" height=`"26`" rx=`"4`" fill=`"none`" stroke=`"#33485e`" stroke-dasharray=`"4 4`"/>")
    $at = $left
    $pieces = @(@{ Id = 'RAM 1 GiB'; Size = 1GB; Color = '#2f6fb0' }) + @($state.Dimms | ForEach-Object { @{ Id = "$($_.Id), $($_.Size / 1GB) GiB"; Size = $_.Size; Color = '#2f9e6b' } })
    foreach ($piece in $pieces) {
        $wide = $piece.Size * $scale
        $svg.Add("<rect x=`"$at`" y=`"$row`" width=`"$($wide - 2)`" height=`"26`" rx=`"4`" fill=`"$($piece.Color)`"/>")
        $svg.Add("<text x=`"$($at + $wide / 2 - 1)`" y=`"$middle`" fill=`"#ffffff`" text-anchor=`"middle`">$(ConvertTo-XmlText $piece.Id)</text>")
        $at += $wide
    }

    $svg.Add("<text x=`"$($width - 18)`" y=`"$middle`" fill=`"#c9d6e3`" text-anchor=`"end`">$('MemTotal {0:N0} kB' -f ($state.Total / 1KB))</text>")
    $row += $rowHeight
}
$svg.Add("<text x=`"$left`" y=`"$($row + 6)`" fill=`"#7f93a8`">the guest's memory, of at most 4 GiB in 1 + 3 DIMM slots; the figures are the Debian kernel's own</text>")
$svg.Add('</g></svg>')
$file = Join-Path $root 'docs/hotplug.svg'
[System.IO.File]::WriteAllText($file, ($svg -join "`n") + "`n")
Write-Information "Drew $file" -InformationAction Continue
