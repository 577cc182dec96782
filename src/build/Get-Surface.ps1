# The module's surface as text: whatever a user's script can depend on. docs/surface.txt holds it, a test compares it.

# Each text once. Sort-Object asks the culture, which has its own idea of where - and _ belong.
function Get-OrdinalOrder([string[]] $Texts) {
    [System.Collections.Generic.SortedSet[string]]::new($Texts, [System.StringComparer]::Ordinal)
}

function Get-TypeText([type] $Type) {
    if ($Type.IsArray) {
        return (Get-TypeText $Type.GetElementType()) + '[]'
    }

    $nullable = [System.Nullable]::GetUnderlyingType($Type)
    if ($nullable) {
        return (Get-TypeText $nullable) + '?'
    }

    if ($Type.IsGenericType) {
        $arguments = foreach ($argument in $Type.GetGenericArguments()) { Get-TypeText $argument }
        return ($Type.Name -replace '`.*') + "<$($arguments -join ', ')>"
    }

    if ($Type.Namespace -eq 'System' -or $Type.Namespace -like 'EmuPS.*' -or $Type.Namespace -eq 'System.Management.Automation') { $Type.Name } else { $Type.FullName }
}

function Get-CommandSurface($Command) {
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $attribute = $Command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0]
    $traits = @(
        if ($attribute.SupportsShouldProcess) { "ShouldProcess, impact $($attribute.ConfirmImpact)" }
        if ($Command.DefaultParameterSet) { "default set $($Command.DefaultParameterSet)" }
    )
    "cmdlet $($Command.Name)$(if ($traits) { " ($($traits -join '; '))" })"
    foreach ($output in $Command.OutputType | Sort-Object Name) {
        "  emits $(Get-TypeText $output.Type)"
    }

    foreach ($name in $Command.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object) {
        $parameter = $Command.Parameters[$name]
        $aliases = @($parameter.Aliases | Sort-Object)
        $extras = @(
            if ($aliases) { "alias $($aliases -join ' ')" }
            if ($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }) { 'wildcards' }
        )
        "  -$name <$(Get-TypeText $parameter.ParameterType)>$(if ($extras) { " ($($extras -join '; '))" })"
        foreach ($set in $parameter.ParameterSets.Keys | Sort-Object) {
            $in = $parameter.ParameterSets[$set]
            $flags = @(
                if ($in.IsMandatory) { 'mandatory' }
                if ($in.Position -ne [int]::MinValue) { "position $($in.Position)" }
                if ($in.ValueFromPipeline) { 'pipeline' }
                if ($in.ValueFromPipelineByPropertyName) { 'property' }
                if ($in.ValueFromRemainingArguments) { 'remaining' }
            )
            "    in $($set -replace '^__AllParameterSets$', 'every set')$(if ($flags) { ": $($flags -join ', ')" })"
        }
    }
}

function Get-TypeSurface([type] $Type) {
    if ($Type.IsEnum) {
        "enum $(Get-TypeText $Type)"
        foreach ($name in [enum]::GetNames($Type)) {
            "  $name = $([long] [enum]::Parse($Type, $name))"
        }

        return
    }

    "type $(Get-TypeText $Type)"
    foreach ($property in $Type.GetProperties() | Where-Object { $_.DeclaringType -ne [System.Exception] } | Sort-Object Name) {
        $isSettable = $property.SetMethod -and $property.SetMethod.IsPublic
        "  $($property.Name): $(Get-TypeText $property.PropertyType)$(if ($isSettable) { ', settable' })"
    }

    foreach ($raised in $Type.GetEvents() | Sort-Object Name) {
        "  event $($raised.Name)"
    }

    foreach ($method in $Type.GetMethods() | Where-Object { $_.DeclaringType -eq $Type -and -not $_.IsSpecialName -and $_.Name -notin 'ToString', 'Equals', 'GetHashCode' } | Sort-Object { "$_" }) {
        $parameters = foreach ($parameter in $method.GetParameters()) { Get-TypeText $parameter.ParameterType }
        "  $(if ($method.IsStatic) { 'static ' })$($method.Name)($($parameters -join ', ')): $(Get-TypeText $method.ReturnType)"
    }

    foreach ($constructor in $Type.GetConstructors() | Sort-Object { "$_" }) {
        $parameters = foreach ($parameter in $constructor.GetParameters()) { Get-TypeText $parameter.ParameterType }
        "  new($($parameters -join ', '))"
    }
}

# Ids are texts in the source: the cmdlets' own, and those that come out of the engine with its exceptions.
function Get-ErrorIdSurface([string] $Root) {
    $ids = foreach ($file in Get-ChildItem -LiteralPath (Join-Path $Root 'src/EmuPS'), (Join-Path $Root 'src/EmuPS.Machine') -Recurse -File -Filter *.cs) {
        $text = [System.IO.File]::ReadAllText($file.FullName)
        $pattern = if ($file.Name -like '*ErrorIds.cs') { 'public const string (\w+)' } else { '(?:Engine|Emu|GuestAgent|GuestImage)Exception\(\s*"(\w+)"' }
        foreach ($match in [regex]::Matches($text, $pattern)) { $match.Groups[1].Value }
    }
    Get-OrdinalOrder $ids | ForEach-Object { "error $_" }
}

function Get-EventSurface([string] $Root) {
    $names = foreach ($file in Get-ChildItem -LiteralPath (Join-Path $Root 'src/EmuPS.Machine') -Recurse -File -Filter *.cs) {
        foreach ($match in [regex]::Matches([System.IO.File]::ReadAllText($file.FullName), '(?:\.Raise\(|\bconst string \w+Event = )"(\w+)"')) { $match.Groups[1].Value }
    }
    Get-OrdinalOrder $names | ForEach-Object { "event $_" }
}

# The module is imported already.
function Get-Surface([string] $Root) {
    $commands = @(Get-Command -Module EmuPS | Sort-Object Name)
    foreach ($command in $commands) {
        Get-CommandSurface $command
        ''
    }

    $assembly = $commands[0].ImplementingType.Assembly
    foreach ($type in $assembly.GetExportedTypes() | Where-Object { $_.Namespace -in 'EmuPS.Objects', 'EmuPS.Errors', 'EmuPS.Identity' -or $_.IsEnum } | Sort-Object Name) {
        Get-TypeSurface $type
        ''
    }

    Get-ErrorIdSurface $Root
    ''
    Get-EventSurface $Root
    ''
    $vm = Start-EmuVM -Guest Simulated -Memory 64MB -Suspended
    try {
        foreach ($name in Get-OrdinalOrder (Invoke-EmuQmpCommand query-commands -VM $vm).name) {
            "qmp $name"
        }
    }
    finally {
        Remove-EmuVM $vm -Force
    }
}

# What to look at when two surfaces differ: a line that went away begins with -, one that came with +.
function Compare-Surface([string[]] $Was, [string[]] $Is) {
    $old = Get-FullLine $Was
    $new = Get-FullLine $Is
    $old.Keys | Where-Object { -not $new.Contains($_) } | ForEach-Object { "- $_" }
    $new.Keys | Where-Object { -not $old.Contains($_) } | ForEach-Object { "+ $_" }
}

# Each line with what it stands under, so that it can be read alone.
function Get-FullLine([string[]] $Lines) {
    $full = [ordered] @{}
    $headings = @('', '', '')
    foreach ($line in $Lines | Where-Object { $_ }) {
        $depth = [Math]::Min(2, ($line.Length - $line.TrimStart().Length) / 2)
        $headings[$depth] = $line.Trim()
        $full[$headings[0..$depth] -join ' / '] = $true
    }

    $full
}
