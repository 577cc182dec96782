Describe 'The packages' -Tag Unit, Package {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'HostProcess.ps1')
        $script:root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
        . (Join-Path $root 'src/build/Invoke-Build.ps1')
        . (Join-Path $root 'src/build/Invoke-Pack.ps1')
        $configuration = if ([System.IO.Directory]::Exists((Join-Path $root 'artifacts/bin/EmuPS.Shell/release'))) { 'Release' } else { 'Debug' }

        # Not below the checkout: a package must not find what it lacks there.
        $script:place = Join-Path ([System.IO.Path]::GetTempPath()) "emups-pack-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
        Invoke-Pack @{ Root = $root; Configuration = $configuration; Artifacts = $place; NoBuild = $true }
        $script:version = (Import-PowerShellDataFile (Join-Path $root 'EmuPS.psd1')).ModuleVersion
        $script:folder = Join-Path $place "package/EmuPS/$version"
        $script:manifest = Import-PowerShellDataFile (Join-Path $folder 'EmuPS.psd1')

        function Get-Entry([string] $Package) {
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $place "package/$Package.$version.nupkg"))
            try { $archive.Entries.FullName } finally { $archive.Dispose() }
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

    It 'name every library of theirs in the notices' {
        $notices = Get-Content (Join-Path $root 'THIRD-PARTY-NOTICES.md') -Raw
        $names = @($manifest.FileList) + @(Get-Entry EmuPS.Shell) | Where-Object { $_ -like '*.dll' } | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) }
        foreach ($name in $names | Where-Object { $_ -notlike 'EmuPS*' } | Sort-Object -Unique) { $notices | Should -Match ([regex]::Escape($name)) }
    }

    It 'carry the version of the manifest in every assembly of ours' {
        foreach ($file in $manifest.FileList | Where-Object { $_ -like '*/EmuPS*.dll' }) {
            [System.Reflection.AssemblyName]::GetAssemblyName((Join-Path $folder $file)).Version.ToString(3) | Should -Be $version
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
