# Compiling, and its opposite.

# Runs dotnet on one node that ends with it, and stops the script when it fails.
function Invoke-DotNet([string[]] $Arguments) {
    & dotnet @Arguments '-m:1' '-nodeReuse:false'
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($Arguments[0]) failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Build($Context) {
    Invoke-DotNet @('build', (Join-Path $Context.Root 'EmuPS.sln'), '-c', $Context.Configuration, '-v', 'quiet', '-nologo') | Out-Host
    Invoke-Help $Context
    Write-Information "Built. Try: Import-Module $(Join-Path $Context.Root 'EmuPS.psd1')"
}

function Invoke-Clean($Context) {
    foreach ($folder in $Context.Artifacts, (Join-Path $Context.Root 'Module/bin'), (Join-Path $Context.Root 'en-US')) {
        if (Test-Path -LiteralPath $folder) {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
