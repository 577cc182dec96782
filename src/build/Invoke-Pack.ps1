# The module as it ships: a folder, and a package of the shape Compress-PSResource makes.

function Invoke-Pack($Context) {
    Invoke-Build $Context
    $manifestPath = Join-Path $Context.Root 'EmuPS.psd1'
    $manifest = Import-PowerShellDataFile -LiteralPath $manifestPath
    $output = Join-Path $Context.Artifacts 'package'
    $folder = Join-Path $output 'EmuPS' $manifest.ModuleVersion
    if (Test-Path -LiteralPath $output) {
        Remove-Item -LiteralPath $output -Recurse -Force
    }

    $null = New-Item -ItemType Directory -Path $folder
    foreach ($name in 'EmuPS.psd1', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'Module', 'en-US') {
        $source = Join-Path $Context.Root $name
        if (Test-Path -LiteralPath $source) {
            Copy-Item -LiteralPath $source -Destination $folder -Recurse
        }
    }

    $null = Test-ModuleManifest -Path (Join-Path $folder 'EmuPS.psd1')
    $package = Join-Path $output "EmuPS.$($manifest.ModuleVersion).nupkg"
    New-Package $folder $manifest $package
    Write-Host "Packed $folder"
    Write-Host "Packed $package"
}

function New-Package([string] $Folder, $Manifest, [string] $Path) {
    $archive = [System.IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        Add-Text $archive 'EmuPS.nuspec' (Get-Specification $Manifest)
        Add-Text $archive '_rels/.rels' @'
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/EmuPS.nuspec" Id="R1" />
</Relationships>
'@
        $files = @(Get-ChildItem -LiteralPath $Folder -Recurse -File)
        foreach ($file in $files) {
            $name = [System.IO.Path]::GetRelativePath($Folder, $file.FullName).Replace('\', '/')
            $null = [System.IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $file.FullName, $name)
        }

        $extensions = @($files | ForEach-Object { $_.Extension.TrimStart('.') } | Where-Object { $_ }) + 'rels', 'nuspec' | Sort-Object -Unique
        $defaults = foreach ($extension in $extensions) { "  <Default Extension=`"$extension`" ContentType=`"application/octet`" />" }
        $overrides = foreach ($file in $files | Where-Object Extension -EQ '') { "  <Override PartName=`"/$($file.Name)`" ContentType=`"application/octet`" />" }
        Add-Text $archive '[Content_Types].xml' @"
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
$((@($defaults) + @($overrides) | Where-Object { $_ }) -join "`n")
</Types>
"@
    }
    finally {
        $archive.Dispose()
    }
}

function Get-Specification($Manifest) {
    $data = $Manifest.PrivateData.PSData
    $tags = @($data.Tags) + 'PSModule' + @($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }) -join ' '
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>EmuPS</id>
    <version>$($Manifest.ModuleVersion)</version>
    <authors>$([System.Security.SecurityElement]::Escape($Manifest.Author))</authors>
    <description>$([System.Security.SecurityElement]::Escape($Manifest.Description))</description>
    <copyright>$([System.Security.SecurityElement]::Escape($Manifest.Copyright))</copyright>
    <tags>$tags</tags>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
  </metadata>
</package>
"@
}

function Add-Text($Archive, [string] $Name, [string] $Text) {
    $writer = [System.IO.StreamWriter]::new($Archive.CreateEntry($Name).Open())
    try {
        $writer.Write($Text)
    }
    finally {
        $writer.Dispose()
    }
}
