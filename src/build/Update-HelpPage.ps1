<#
.SYNOPSIS
Brings the pages of help/en-US in step with the cmdlets: syntax, types, aliases, sets, accepted and default values.
.DESCRIPTION
What people wrote stays as it is: synopsis, description, examples, what parameters mean, notes and links. A new cmdlet gets a page,
a new parameter an entry, both with {{ ... }} where a person has to write; the help tests fail until somebody did. The entry of a
parameter that is gone goes too.

Run it in pwsh or in EmuPS.Shell after a build:  src/build/Update-HelpPage.ps1
.PARAMETER Name
The cmdlets whose pages are meant.
.PARAMETER Folder
Where the pages are.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [string[]] $Name = '*',
    [string] $Folder = (Join-Path $PSScriptRoot '../../help/en-US')
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
. $PSScriptRoot/HelpPage.ps1
. $PSScriptRoot/HelpType.ps1
Import-Module (Join-Path $PSScriptRoot '../../EmuPS.psd1')

$common = 'Debug', 'ErrorAction', 'ErrorVariable', 'InformationAction', 'InformationVariable', 'OutBuffer', 'OutVariable', 'PipelineVariable',
    'ProgressAction', 'Verbose', 'WarningAction', 'WarningVariable'
$stock = @{
    WhatIf = 'Shows what the cmdlet would do, and does nothing.'
    Confirm = 'Asks before each change. Without it, nothing asks: scripts never stop at a question.'
}
$commonText = @'
### CommonParameters

This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
'@

function Get-UnderlyingType([type] $Type) {
    $element = if ($Type.IsArray) { $Type.GetElementType() } else { $Type }
    $inner = [System.Nullable]::GetUnderlyingType($element)
    if ($inner) { $inner } else { $element }
}

function Get-FullTypeName([type] $Type) {
    $inner = [System.Nullable]::GetUnderlyingType($Type)
    if ($inner) { 'System.Nullable`1[{0}]' -f $inner.FullName } else { $Type.FullName }
}

function Get-Syntax($Command, $Set) {
    $parameters = @($Set.Parameters | Where-Object Name -NotIn $common)
    $sorted = @($parameters | Where-Object Position -GE 0 | Sort-Object Position)
    $sorted += @($parameters | Where-Object { $_.Position -lt 0 -and $_.IsMandatory })
    $sorted += @($parameters | Where-Object { $_.Position -lt 0 -and -not $_.IsMandatory })
    $words = foreach ($parameter in $sorted) {
        $text = "-$($parameter.Name)"
        if ($parameter.Position -ge 0) { $text = "[$text]" }
        if ($parameter.ParameterType -ne [switch]) { $text += " <$(Get-ShortTypeName (Get-FullTypeName $parameter.ParameterType))>" }
        if ($parameter.IsMandatory) { $text } else { "[$text]" }
    }

    $lines = [System.Collections.Generic.List[string]]::new()
    $line = $Command.Name
    foreach ($word in @($words) + '[<CommonParameters>]') {
        if ($line.Length + $word.Length + 1 -gt 100) {
            $lines.Add($line)
            $line = ''
        }

        $line += " $word"
    }

    $lines.Add($line)
    $lines -join "`n"
}

function Get-DefaultValue($Command, $Parameter) {
    $mandatory = $Parameter.ParameterSets.Values.IsMandatory -notcontains $false
    if ($mandatory -or $Parameter.Name -in 'WhatIf', 'Confirm') {
        return ''
    }

    $value = [System.Activator]::CreateInstance($Command.ImplementingType).($Parameter.Name)
    if ($null -eq $value -or $value -is [array]) {
        return ''
    }

    "$value"
}

function ConvertTo-YamlList([string] $Key, [string[]] $Values) {
    if ($Values) {
        "${Key}:"
        foreach ($value in $Values) { "- $value" }
    }
    else {
        "${Key}: []"
    }
}

function ConvertTo-YamlText([string] $Text) {
    if ($Text -match '^[\w.]+$') { $Text } else { "'$Text'" }
}

function Get-ParameterYaml($Command, $Parameter) {
    $type = Get-UnderlyingType $Parameter.ParameterType
    '```yaml'
    "Type: $(Get-FullTypeName $Parameter.ParameterType)"
    "DefaultValue: $(ConvertTo-YamlText (Get-DefaultValue $Command $Parameter))"
    $wildcards = @($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
    "SupportsWildcards: $($wildcards.ToString().ToLowerInvariant())"
    ConvertTo-YamlList 'Aliases' $Parameter.Aliases
    'ParameterSets:'
    $names = @($Command.ParameterSets.Name)
    foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Sort-Object { [array]::IndexOf($names, $_.Key) }) {
        "- Name: $(if ($set.Key -eq '__AllParameterSets') { '(All)' } else { $set.Key })"
        "  Position: $(if ($set.Value.Position -lt 0) { 'Named' } else { $set.Value.Position })"
        "  IsRequired: $($set.Value.IsMandatory.ToString().ToLowerInvariant())"
        "  ValueFromPipeline: $($set.Value.ValueFromPipeline.ToString().ToLowerInvariant())"
        "  ValueFromPipelineByPropertyName: $($set.Value.ValueFromPipelineByPropertyName.ToString().ToLowerInvariant())"
        "  ValueFromRemainingArguments: $($set.Value.ValueFromRemainingArguments.ToString().ToLowerInvariant())"
    }

    'DontShow: false'
    ConvertTo-YamlList 'AcceptedValues' $(if ($type.IsEnum) { [System.Enum]::GetNames($type) })
    "HelpMessage: ''"
    '```'
}

function Get-TypeSection($Lines, [string[]] $Types) {
    $written = ConvertTo-HelpType $Lines
    foreach ($type in $Types) {
        $text = $written | Where-Object Type -EQ $type | ForEach-Object Text
        "### $type", '', $(if ($text) { $text } else { '{{ Fill in the Description }}' }), ''
    }
}

function Get-PageText($Command, [string] $Path) {
    $sections = @{}
    $parameterText = @{}
    if (Test-Path -LiteralPath $Path) {
        $sections = Split-HelpHeading ([System.IO.File]::ReadAllLines($Path)) '## '
        foreach ($part in (Split-HelpHeading $sections['PARAMETERS'] '### -').GetEnumerator() | Where-Object Key) {
            $parameterText[$part.Key] = (ConvertTo-HelpParameter $part).Text
        }
    }

    function Get-Section([string] $Key, [string] $Missing) {
        $text = Join-HelpText $sections[$Key]
        "## $Key", '', $(if ($text) { $text } else { $Missing }), ''
    }

    '---', 'document type: cmdlet', "external help file: EmuPS.dll-Help.xml", "HelpUri: ''", 'Locale: en-US', 'Module Name: EmuPS'
    '{date}', 'PlatyPS schema version: 2024-05-01', "title: $($Command.Name)", '---', '', "# $($Command.Name)", ''
    Get-Section 'SYNOPSIS' '{{ Fill in the Synopsis }}'
    '## SYNTAX', ''
    foreach ($set in $Command.ParameterSets | Sort-Object { -not $_.IsDefault }) {
        "### $($set.Name)$(if ($set.IsDefault -or $Command.ParameterSets.Count -eq 1) { ' (Default)' })", '', '```', (Get-Syntax $Command $set), '```', ''
    }

    Get-Section 'ALIASES' ''
    Get-Section 'DESCRIPTION' '{{ Fill in the Description }}'
    Get-Section 'EXAMPLES' "### Example 1`n`n{{ Add example description here }}"
    '## PARAMETERS', ''
    foreach ($parameter in $Command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) {
        $text = $parameterText[$parameter.Name]
        "### -$($parameter.Name)", '', $(if ($text) { $text } elseif ($stock.ContainsKey($parameter.Name)) { $stock[$parameter.Name] } else { "{{ Fill $($parameter.Name) Description }}" }), ''
        Get-ParameterYaml $Command $parameter
        ''
    }

    $commonText, ''
    $inputs = $Command.Parameters.Values | Where-Object {
        $_.ParameterSets.Values.ValueFromPipeline -contains $true -or $_.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true
    } | ForEach-Object { Get-FullTypeName $_.ParameterType } | Sort-Object -Unique
    '## INPUTS', ''
    Get-TypeSection $sections['INPUTS'] $(if ($inputs) { $inputs } else { 'None' })
    '## OUTPUTS', ''
    Get-TypeSection $sections['OUTPUTS'] @($Command.OutputType | ForEach-Object { if ($_.Type -eq [void]) { 'None' } else { $_.Name } } | Sort-Object -Unique)
    Get-Section 'NOTES' ''
    Get-Section 'RELATED LINKS' '{{ Fill in the related links here }}'
}

foreach ($command in Get-Command -Module EmuPS -CommandType Cmdlet | Where-Object { $cmdlet = $_; $Name | Where-Object { $cmdlet.Name -like $_ } }) {
    $path = Join-Path $Folder "$($command.Name).md"
    $text = ((@(Get-PageText $command $path) -join "`n") -replace '\n{3,}', "`n`n").TrimEnd() + "`n"
    $old = if (Test-Path -LiteralPath $path) { [System.IO.File]::ReadAllText($path) } else { '' }
    $date = if ($old -match '(?m)^ms\.date: .*$') { $Matches[0] } else { '' }
    if ($text.Replace('{date}', $date) -ceq $old) {
        continue
    }

    $today = [datetime]::Now.ToString('MM/dd/yyyy', [cultureinfo]::InvariantCulture)
    [System.IO.File]::WriteAllText($path, $text.Replace('{date}', "ms.date: $today"))
    Write-Information "$(if ($old) { 'Updated' } else { 'Made' }) $path" -InformationAction Continue
}
