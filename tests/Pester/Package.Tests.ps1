Describe 'The packages' -Tag Unit, Package {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'HostProcess.ps1')
        $script:root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
        . (Join-Path $root 'src/build/Invoke-Build.ps1')
        . (Join-Path $root 'src/build/Invoke-Pack.ps1')
        $configuration = if ([System.IO.Directory]::Exists((Join-Path $root 'artifacts/bin/EmuPS.Shell/release'))) { 'Release' } else { 'Debug' }

        # Not below the checkout: a package must not find what it lacks there.
        $script:place = Join-Path ([System.IO.Path]::GetTempPath()) "emups-pack-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
        $script:project = 'https://example.org/some;body,1/O''EmuPS'
        Invoke-Pack @{ Root = $root; Configuration = $configuration; Artifacts = $place; NoBuild = $true; ProjectUri = $project }
        $script:source = Import-PowerShellDataFile (Join-Path $root 'EmuPS.psd1')
        $script:version = Get-PackageVersion $source
        $script:folder = Join-Path $place "package/EmuPS/$($source.ModuleVersion)"
        $script:manifest = Import-PowerShellDataFile (Join-Path $folder 'EmuPS.psd1')

        function Get-Entry([string] $Package) {
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $place "package/$Package.$version.nupkg"))
            try { $archive.Entries.FullName } finally { $archive.Dispose() }
        }

        # The metadata of a package, as a feed reads it.
        function Get-PackageFact([string] $Package) {
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $place "package/$Package.$version.nupkg"))
            try {
                $reader = [System.IO.StreamReader]::new($archive.GetEntry("$Package.nuspec").Open())
                ([xml] $reader.ReadToEnd()).package.metadata
                $reader.Dispose()
            }
            finally { $archive.Dispose() }
        }
    }

    AfterAll { Remove-Item -LiteralPath $place -Recurse -Force }

    It 'hold the files of the list and no others' {
        $shipped = @(Get-ShippedFile $root) | Sort-Object
        $frame = '_rels/.rels', '[Content_Types].xml', 'EmuPS.nuspec'
        Get-Entry EmuPS | Where-Object { $_ -notin $frame } | Sort-Object | Should -Be $shipped
        $manifest.FileList | Sort-Object | Should -Be $shipped
        Get-ChildItem $folder -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($folder, $_.FullName).Replace('\', '/') } | Sort-Object | Should -Be $shipped
    }

    It 'have no assembly of PowerShell''s in the module' { $manifest.FileList | Should -Not -Contain 'Module/bin/deps/System.Management.Automation.dll' }
    It 'say what is new' {
        $manifest.PrivateData.PSData.ReleaseNotes | Should -Match '^## '
        (Get-ReleaseNote "# Changes`n`n## 2`n`n- new`n`n## 1`n`n- old`n") | Should -Be "## 2`n`n- new"
    }

    It 'have a version with the label of the manifest: <_>' -ForEach 'EmuPS', 'EmuPS.Shell' {
        $source.PrivateData.PSData.Prerelease | Should -Match '^[0-9A-Za-z]+$'
        (Get-PackageFact $_).version | Should -BeExactly "$($source.ModuleVersion)-$($source.PrivateData.PSData.Prerelease)"
        $manifest.PrivateData.PSData.Prerelease | Should -BeExactly $source.PrivateData.PSData.Prerelease
    }

    It 'have the manifest''s version alone once it has no label, and refuse a label that is none' {
        Get-PackageVersion @{ ModuleVersion = '1.2.3'; PrivateData = @{ PSData = @{} } } | Should -BeExactly '1.2.3'
        Get-PackageVersion @{ ModuleVersion = '1.2.3'; PrivateData = @{ PSData = @{ Prerelease = 'rc1' } } } | Should -BeExactly '1.2.3-rc1'
        { Get-PackageVersion @{ ModuleVersion = '1.2.3'; PrivateData = @{ PSData = @{ Prerelease = 'rc.1' } } } } | Should -Throw -ExpectedMessage '*rc.1*letters and digits*'
    }

    It 'name the project''s address: <_>' -ForEach 'EmuPS', 'EmuPS.Shell' { (Get-PackageFact $_).projectUrl | Should -BeExactly $project }
    It 'name it in the manifest too' { $manifest.PrivateData.PSData.ProjectUri | Should -BeExactly $project }

    It 'take git''s origin for it: <Origin>' -ForEach @(
        @{ Origin = 'https://example.org/somebody/EmuPS.git'; Uri = 'https://example.org/somebody/EmuPS' }
        @{ Origin = 'https://name:secret@example.org:8443/EmuPS/'; Uri = 'https://example.org:8443/EmuPS' }
        @{ Origin = 'http://example.org/EmuPS'; Uri = $null }
        @{ Origin = 'git@example.org:somebody/EmuPS.git'; Uri = $null }
        @{ Origin = '/srv/git/EmuPS.git'; Uri = $null }
        @{ Origin = ''; Uri = $null }
    ) -Skip:(-not (Get-Command git -CommandType Application -ErrorAction Ignore)) {
        $checkout = (New-Item -ItemType Directory -Path (Join-Path $place "checkout-$([guid]::NewGuid())")).FullName
        & git init -q $checkout
        if ($Origin) { & git -C $checkout remote add origin $Origin }
        $found, $said = @(Get-ProjectUri $checkout 6>&1).Where({ $_ -is [string] }, 'Split')
        $found | Should -BeExactly $Uri
        if ($Uri) { $said | Should -BeNullOrEmpty } else { "$said" | Should -Match 'no project address' }
        # What is given wins.
        Get-ProjectUri $checkout 'https://example.org/given' | Should -BeExactly 'https://example.org/given'
        # A copy in it that is no repository itself has none.
        Get-ProjectUri (New-Item -ItemType Directory -Path (Join-Path $checkout 'copy')).FullName | Should -BeNullOrEmpty
    }

    It 'refuse an address that is none: <_>' -ForEach 'EmuPS', '/srv/EmuPS', 'http://example.org/EmuPS', 'https://name@example.org/EmuPS', 'file:///srv/EmuPS' {
        $given = $_
        { Invoke-Pack @{ Root = $root; Artifacts = (Join-Path $place 'none'); NoBuild = $true; ProjectUri = $given } } | Should -Throw -ExpectedMessage "*'$given'*https*"
        Join-Path $place 'none' | Should -Not -Exist
    }

    It 'name every library of theirs in the notices' {
        $notices = Get-Content (Join-Path $root 'THIRD-PARTY-NOTICES.md') -Raw
        $names = @($manifest.FileList) + @(Get-Entry EmuPS.Shell) | Where-Object { $_ -like '*.dll' } | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) }
        foreach ($name in $names | Where-Object { $_ -notlike 'EmuPS*' } | Sort-Object -Unique) { $notices | Should -Match ([regex]::Escape($name)) }
    }

    It 'carry the version of the manifest in every assembly of ours' {
        foreach ($file in $manifest.FileList | Where-Object { $_ -like '*/EmuPS*.dll' }) {
            [System.Reflection.AssemblyName]::GetAssemblyName((Join-Path $folder $file)).Version.ToString(3) | Should -Be $source.ModuleVersion
        }
    }

    It 'give a module that works where nothing else is' {
        $command = "Set-Location '$place'; Import-Module '$place/package/EmuPS'; `$vm = Start-EmuVM -Guest Simulated -Memory 64M,slots=1,maxmem=1G -Wait; " +
            "Add-EmuDimm -Size 128MB -Wait; (Get-EmuDimm).State; (Get-Module EmuPS).Path; Remove-EmuVM `$vm -Force"
        $result = Invoke-HostProcess '-Command', $command
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match '(?s)Accepted.*emups-pack-'
    }

    It 'refuse to pack a file that nobody named' {
        $copy = Join-Path $place 'copy'
        $null = New-Item -ItemType Directory -Path (Join-Path $copy 'Module/bin') -Force
        Set-Content (Join-Path $copy 'Module/bin/Stranger.dll') 'x'
        { Copy-Module $copy (Join-Path $place 'none') } | Should -Throw -ExpectedMessage '*Stranger.dll*'
    }

    It 'give a .NET tool that runs a script with the module in it' {
        # Only the packed folder is a source: nothing comes from elsewhere.
        $config = Join-Path $place 'nuget.config'
        Set-Content $config "<configuration><packageSources><clear /><add key=`"packed`" value=`"$(Join-Path $place 'package')`" /></packageSources></configuration>"
        $tool = Join-Path $place 'tool'
        & dotnet tool install EmuPS.Shell --version $version --tool-path $tool --configfile $config | Out-Null
        $LASTEXITCODE | Should -Be 0
        $script = Join-Path $place 'try.ps1'
        Set-Content $script 'param($Size) $vm = Start-EmuVM -Guest Simulated -Memory 64M,slots=1,maxmem=1G -Wait', 'Add-EmuDimm -Size $Size -Wait', '"$((Get-EmuDimm).State) $($vm.PluggedBytes)"', 'Remove-EmuVM $vm -Force', 'exit 3'
        $start = [System.Diagnostics.ProcessStartInfo]::new((Join-Path $tool $(if ($IsWindows) { 'emups.exe' } else { 'emups' })))
        foreach ($argument in $script, '128MB') { $start.ArgumentList.Add($argument) }
        $start.WorkingDirectory = $place
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $output.Trim() | Should -Be 'Accepted 134217728'
        $process.ExitCode | Should -Be 3
    }
}
