# Compiles help/en-US into what Get-Help reads: one MAML file for the cmdlets, one text file for each about topic. They go beside
# the manifest, because Get-Help looks nowhere else (Module/en-US is not searched).

. $PSScriptRoot/HelpPage.ps1
. $PSScriptRoot/HelpType.ps1
. $PSScriptRoot/HelpMaml.ps1
. $PSScriptRoot/HelpTopic.ps1

function Invoke-Help($Context) {
    $source = Join-Path $Context.Root 'help/en-US'
    $target = Join-Path $Context.Root 'en-US'
    if (Test-Path -LiteralPath $target) {
        Remove-Item -LiteralPath $target -Recurse -Force
    }

    $null = New-Item -ItemType Directory -Path $target
    $files = @(Get-ChildItem -LiteralPath $source -File | Where-Object Extension -EQ '.md' | Sort-Object Name)
    $topics = @($files | Where-Object Name -Like 'about_*')
    foreach ($topic in $topics) {
        [System.IO.File]::WriteAllText((Join-Path $target "$($topic.BaseName).help.txt"), (ConvertTo-HelpTopic $topic.FullName))
    }

    $pages = @($files | Where-Object Name -NotLike 'about_*' | ForEach-Object { Read-HelpPage $_.FullName })
    Write-MamlFile $pages (Join-Path $target 'EmuPS.dll-Help.xml')
    Write-Information "Made help for $($pages.Count) cmdlets and $($topics.Count) topics."
}
