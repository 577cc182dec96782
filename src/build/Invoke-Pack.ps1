# The module as it ships: a folder, and a package of the shape Compress-PSResource makes.

# What ships, and nothing else: an engine that brought something new fails here until it is named.
function Get-ShippedFile([string] $Root) {
    'EmuPS.psd1', 'LICENSE', 'README.md', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.md', 'Module/EmuPS.Format.ps1xml'
    foreach ($name in 'EmuPS.dll', 'EmuPS.pdb', 'deps/EmuPS.Core.dll', 'deps/EmuPS.Core.pdb', 'deps/EmuPS.Cpu.dll', 'deps/EmuPS.Cpu.pdb',
        'deps/EmuPS.Devices.dll', 'deps/EmuPS.Devices.pdb', 'deps/EmuPS.Machine.dll', 'deps/EmuPS.Machine.pdb', 'deps/Iced.dll', 'deps/SharpCompress.dll',
        'deps/Microsoft.Extensions.DependencyInjection.Abstractions.dll', 'deps/Microsoft.Extensions.Logging.Abstractions.dll', 'deps/System.IO.Hashing.dll') {
        "Module/bin/$name"
    }

    # Compiled ahead of time, where the build can do that (Precompile.targets); without them the same code is compiled as it runs.
    foreach ($name in 'EmuPS.Core', 'EmuPS.Cpu', 'EmuPS.Devices', 'EmuPS.Machine', 'Iced', 'System.IO.Hashing') {
        $file = "Module/bin/deps/linux-x64/$name.dll"
        if (Test-Path -LiteralPath (Join-Path $Root $file)) { $file }
    }

    # Built from help/en-US; PowerShell looks for it beside the manifest.
    $help = Join-Path $Root 'en-US'
    if (Test-Path -LiteralPath $help) {
        Get-ChildItem -LiteralPath $help -File | Where-Object { $_.Name -like '*.dll-Help.xml' -or $_.Name -like 'about_*.help.txt' } | Sort-Object Name |
            ForEach-Object { "en-US/$($_.Name)" }
    }
}

# Context.ProjectUri may be left out, and Context.NoBuild packs what is built already.
function Invoke-Pack($Context) {
    $projectUri = Get-ProjectUri $Context.Root $Context['ProjectUri']
    if (-not $Context['NoBuild']) { Invoke-Build $Context }
    $manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $Context.Root 'EmuPS.psd1')
    $output = Join-Path $Context.Artifacts 'package'
    $folder = Join-Path $output "EmuPS/$($manifest.ModuleVersion)"
    if (Test-Path -LiteralPath $output) {
        Remove-Item -LiteralPath $output -Recurse -Force
    }

    $null = New-Item -ItemType Directory -Path $folder
    Copy-Module -Root $Context.Root -Folder $folder -ProjectUri $projectUri
    $null = Test-ModuleManifest -Path (Join-Path $folder 'EmuPS.psd1')
    $package = Join-Path $output "EmuPS.$(Get-PackageVersion $manifest).nupkg"
    Write-Package -Folder $folder -Manifest (Import-PowerShellDataFile -LiteralPath (Join-Path $folder 'EmuPS.psd1')) -Path $package

    # What was built just now is what is packed. MSBuild reads % ; and , in a property's value as its own.
    $property = "-p:PackageProjectUrl=$($projectUri -replace '%', '%25' -replace ';', '%3B' -replace ',', '%2C')"
    Invoke-DotNet @('pack', (Join-Path $Context.Root 'src/EmuPS.Shell/EmuPS.Shell.csproj'), '-c', $Context.Configuration, '--no-build', '-v', 'quiet', '-nologo',
        "-p:ModuleFolder=$folder", $property, '-o', $output) | Out-Host
    Write-Information "Packed $folder"
    foreach ($file in Get-ChildItem -LiteralPath $output -File -Filter *.nupkg) { Write-Information "Packed $($file.FullName)" }
}

# ModuleVersion and the label of what is not final yet, as a package is named: 1.2.0-preview. The module's folder has the version alone.
function Get-PackageVersion($Manifest) {
    $label = $Manifest.PrivateData.PSData['Prerelease']
    if ($label -and $label -notmatch '^[0-9A-Za-z]+$') {
        throw "Prerelease '$label' in EmuPS.psd1 is no label: letters and digits only."
    }

    if ($label) { "$($Manifest.ModuleVersion)-$label" } else { "$($Manifest.ModuleVersion)" }
}

# The project's address that the packages name: the one given, else git's origin without what a browser does not need; else none.
function Get-ProjectUri([string] $Root, [string] $Given) {
    $uri = $null
    if ($Given) {
        if (-not [uri]::TryCreate($Given, 'Absolute', [ref] $uri) -or $uri.Scheme -ne 'https' -or $uri.UserInfo) {
            throw "-ProjectUri '$Given' is no address of a project: an https one without a user's name, such as https://example.org/EmuPS."
        }

        return $uri.AbsoluteUri
    }

    # A copy without a repository of its own may lie in somebody else's.
    $origin = if ((Test-Path -LiteralPath (Join-Path $Root '.git')) -and (Get-Command git -CommandType Application -ErrorAction Ignore)) {
        & git -C $Root config --get remote.origin.url
    }

    if ($origin -and [uri]::TryCreate($origin, 'Absolute', [ref] $uri) -and $uri.Scheme -eq 'https') {
        return $uri.GetComponents('SchemeAndServer, Path', 'UriEscaped') -replace '(\.git)?/*$'
    }

    Write-Information 'The packages name no project address: -ProjectUri is not given, and git has no https origin.'
}

function Copy-Module([string] $Root, [string] $Folder, [string] $ProjectUri) {
    $shipped = @(Get-ShippedFile $Root)
    $strangers = @(Get-ChildItem -LiteralPath (Join-Path $Root 'Module') -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($Root, $_.FullName).Replace('\', '/') } |
            Where-Object { $_ -notin $shipped })
    if ($strangers) {
        throw "Not in the list of what ships (src/build/Invoke-Pack.ps1, Get-ShippedFile): $($strangers -join ', ')"
    }

    foreach ($name in $shipped) {
        $target = Join-Path $Folder $name
        $parent = Split-Path -Path $target -Parent
        if (-not (Test-Path -LiteralPath $parent)) { $null = New-Item -ItemType Directory -Path $parent }
        Copy-Item -LiteralPath (Join-Path $Root $name) -Destination $target
    }

    # The packed manifest says what the package holds and what is new.
    $path = Join-Path $Folder 'EmuPS.psd1'
    $text = [System.IO.File]::ReadAllText($path)
    $list = ($shipped | ForEach-Object { "        '$_'" }) -join "`n"
    $notes = (Get-ReleaseNote ([System.IO.File]::ReadAllText((Join-Path $Root 'CHANGELOG.md')))).Replace("'", "''")
    $filled = $text.Replace('FileList = @()', "FileList = @(`n$list`n    )").Replace("ReleaseNotes = ''", "ReleaseNotes = '$notes'")
    if ($ProjectUri) {
        $filled = $filled -replace '(?m)^( *)LicenseUri = .*$', "`$0`n`$1ProjectUri = '$($ProjectUri.Replace("'", "''").Replace('$', '$$'))'"
    }

    [System.IO.File]::WriteAllText($path, ($filled -replace '(?m)^ *# build\.ps1 -Task Pack fills in.*\n'))
}

# The newest part of the CHANGELOG.
function Get-ReleaseNote([string] $Changelog) {
    [regex]::Match($Changelog, '(?ms)^## .*?(?=^## |\z)').Value.Trim()
}

function Write-Package([string] $Folder, $Manifest, [string] $Path) {
    $archive = [System.IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        Add-Text -Archive $archive -Name 'EmuPS.nuspec' -Text (Get-Specification $Manifest)
        Add-Text -Archive $archive -Name '_rels/.rels' -Text @'
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
        Add-Text -Archive $archive -Name '[Content_Types].xml' -Text @"
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
    $project = if ($data['ProjectUri']) { "`n    <projectUrl>$([System.Security.SecurityElement]::Escape($data.ProjectUri))</projectUrl>" }
    $tags = @($data.Tags) + 'PSModule' + @($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }) -join ' '
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>EmuPS</id>
    <version>$(Get-PackageVersion $Manifest)</version>
    <authors>$([System.Security.SecurityElement]::Escape($Manifest.Author))</authors>
    <description>$([System.Security.SecurityElement]::Escape($Manifest.Description))</description>
    <copyright>$([System.Security.SecurityElement]::Escape($Manifest.Copyright))</copyright>
    <tags>$tags</tags>
    <licenseUrl>$([System.Security.SecurityElement]::Escape($data.LicenseUri))</licenseUrl>$project
    <releaseNotes>$([System.Security.SecurityElement]::Escape($data.ReleaseNotes))</releaseNotes>
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
