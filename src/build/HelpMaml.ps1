# Writes help pages as MAML, the XML that Get-Help reads.

$script:MamlNamespaces = @{
    help = 'http://msh'
    maml = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

function Write-MamlFile([object[]] $Pages, [string] $Path) {
    $settings = [System.Xml.XmlWriterSettings] @{ Indent = $true; Encoding = [System.Text.UTF8Encoding]::new($false) }
    $writer = [System.Xml.XmlWriter]::Create($Path, $settings)
    try {
        $writer.WriteStartElement('helpItems', $MamlNamespaces.help)
        $writer.WriteAttributeString('schema', 'maml')
        foreach ($page in $Pages) {
            Write-MamlCommand $writer $page
        }

        $writer.WriteEndElement()
    }
    finally {
        $writer.Dispose()
    }
}

function Open-MamlElement($Writer, [string] $Name) {
    $prefix, $local = $Name.Split(':')
    $Writer.WriteStartElement($prefix, $local, $MamlNamespaces[$prefix])
}

function Write-MamlElement($Writer, [string] $Name, [string] $Text) {
    Open-MamlElement $Writer $Name
    $Writer.WriteString($Text)
    $Writer.WriteEndElement()
}

function Write-MamlText($Writer, [string] $Name, [string[]] $Paragraphs) {
    Open-MamlElement $Writer $Name
    foreach ($paragraph in $Paragraphs) {
        Write-MamlElement -Writer $Writer -Name 'maml:para' -Text $paragraph
    }

    $Writer.WriteEndElement()
}

function Write-MamlCommand($Writer, $Page) {
    $verb, $noun = $Page.Title.Split('-')
    Open-MamlElement $Writer 'command:command'
    foreach ($prefix in 'maml', 'command', 'dev') {
        $Writer.WriteAttributeString('xmlns', $prefix, $null, $MamlNamespaces[$prefix])
    }

    Open-MamlElement $Writer 'command:details'
    Write-MamlElement -Writer $Writer -Name 'command:name' -Text $Page.Title
    Write-MamlElement -Writer $Writer -Name 'command:verb' -Text $verb
    Write-MamlElement -Writer $Writer -Name 'command:noun' -Text $noun
    Write-MamlText -Writer $Writer -Name 'maml:description' -Paragraphs (ConvertTo-PlainParagraph $Page.Synopsis)
    $Writer.WriteEndElement()
    Write-MamlText -Writer $Writer -Name 'maml:description' -Paragraphs (ConvertTo-PlainParagraph $Page.Description)

    Open-MamlElement $Writer 'command:syntax'
    foreach ($syntax in $Page.Syntax) {
        Open-MamlElement $Writer 'command:syntaxItem'
        Write-MamlElement -Writer $Writer -Name 'maml:name' -Text $Page.Title
        foreach ($name in Get-SyntaxParameterName $syntax.Text) {
            Write-MamlParameter -Writer $Writer -Parameter ($Page.Parameters | Where-Object Name -EQ $name) -Set $syntax.Set
        }

        $Writer.WriteEndElement()
    }

    $Writer.WriteEndElement()
    Open-MamlElement $Writer 'command:parameters'
    foreach ($parameter in $Page.Parameters) {
        Write-MamlParameter $Writer $parameter
    }

    $Writer.WriteEndElement()
    Write-MamlType -Writer $Writer -Outer 'command:inputTypes' -Inner 'command:inputType' -Types $Page.Inputs
    Write-MamlType -Writer $Writer -Outer 'command:returnValues' -Inner 'command:returnValue' -Types $Page.Outputs
    Open-MamlElement $Writer 'maml:alertSet'
    if ($Page.Notes) {
        Write-MamlText -Writer $Writer -Name 'maml:alert' -Paragraphs (ConvertTo-PlainParagraph $Page.Notes)
    }

    $Writer.WriteEndElement()
    Open-MamlElement $Writer 'command:examples'
    foreach ($example in $Page.Examples) {
        Write-MamlExample $Writer $example
    }

    $Writer.WriteEndElement()
    Open-MamlElement $Writer 'command:relatedLinks'
    foreach ($link in $Page.Links) {
        Open-MamlElement $Writer 'maml:navigationLink'
        Write-MamlElement -Writer $Writer -Name 'maml:linkText' -Text $link.Text
        Write-MamlElement -Writer $Writer -Name 'maml:uri' -Text ''
        $Writer.WriteEndElement()
    }

    $Writer.WriteEndElement()
    $Writer.WriteEndElement()
}

function Get-SyntaxParameterName([string] $Syntax) {
    [regex]::Matches($Syntax, '(?<=[\s\[])-(\w+)') | ForEach-Object { $_.Groups[1].Value }
}

# Of one parameter set, or without one as a whole.
function Write-MamlParameter($Writer, $Parameter, [string] $Set) {
    $sets = @($Parameter.ParameterSets | Where-Object { -not $Set -or $_.Name -in $Set, '(All)' })
    $kinds = @()
    if ($sets.ByValue -contains $true) { $kinds += 'ByValue' }
    if ($sets.ByPropertyName -contains $true) { $kinds += 'ByPropertyName' }
    $type = Get-ShortTypeName $Parameter.Type

    Open-MamlElement $Writer 'command:parameter'
    $Writer.WriteAttributeString('required', ($sets.IsRequired -contains $true).ToString().ToLowerInvariant())
    $Writer.WriteAttributeString('variableLength', 'true')
    $Writer.WriteAttributeString('globbing', $Parameter.SupportsWildcards.ToString().ToLowerInvariant())
    $Writer.WriteAttributeString('pipelineInput', $(if ($kinds) { "True ($($kinds -join ', '))" } else { 'False' }))
    $Writer.WriteAttributeString('position', $sets[0].Position.ToLowerInvariant())
    $Writer.WriteAttributeString('aliases', $(if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' }))
    Write-MamlElement -Writer $Writer -Name 'maml:name' -Text $Parameter.Name
    Write-MamlText -Writer $Writer -Name 'maml:description' -Paragraphs (ConvertTo-PlainParagraph $Parameter.Text)
    if ($Parameter.AcceptedValues) {
        Open-MamlElement $Writer 'command:parameterValueGroup'
        foreach ($value in $Parameter.AcceptedValues) {
            Open-MamlElement $Writer 'command:parameterValue'
            $Writer.WriteAttributeString('required', 'false')
            $Writer.WriteAttributeString('variableLength', 'false')
            $Writer.WriteString($value)
            $Writer.WriteEndElement()
        }

        $Writer.WriteEndElement()
    }

    if ($type -ne 'SwitchParameter') {
        Open-MamlElement $Writer 'command:parameterValue'
        $Writer.WriteAttributeString('required', 'true')
        $Writer.WriteAttributeString('variableLength', 'false')
        $Writer.WriteString($type)
        $Writer.WriteEndElement()
    }

    Open-MamlElement $Writer 'dev:type'
    Write-MamlElement -Writer $Writer -Name 'maml:name' -Text $type
    Write-MamlElement -Writer $Writer -Name 'maml:uri' -Text ''
    $Writer.WriteEndElement()
    Write-MamlElement -Writer $Writer -Name 'dev:defaultValue' -Text $(if ($Parameter.DefaultValue) { $Parameter.DefaultValue } else { 'None' })
    $Writer.WriteEndElement()
}

function Write-MamlType($Writer, [string] $Outer, [string] $Inner, $Types) {
    Open-MamlElement $Writer $Outer
    foreach ($type in $Types) {
        Open-MamlElement $Writer $Inner
        Open-MamlElement $Writer 'dev:type'
        Write-MamlElement -Writer $Writer -Name 'maml:name' -Text $type.Type
        $Writer.WriteEndElement()
        Write-MamlText -Writer $Writer -Name 'maml:description' -Paragraphs (ConvertTo-PlainParagraph $type.Text)
        $Writer.WriteEndElement()
    }

    $Writer.WriteEndElement()
}

# The code is followed by what it prints. All text comes after it: Get-Help puts an introduction on the code's first line, since it is
# made for a prompt.
function Write-MamlExample($Writer, $Example) {
    $code = @($Example.Blocks | Where-Object Language | ForEach-Object Text)
    $text = @($Example.Blocks | Where-Object Language -EQ '' | ForEach-Object { ConvertTo-PlainParagraph $_.Text })
    Open-MamlElement $Writer 'command:example'
    Write-MamlElement -Writer $Writer -Name 'maml:title' -Text "--------- $($Example.Title) ---------"
    Write-MamlText -Writer $Writer -Name 'maml:introduction' -Paragraphs @()
    Write-MamlElement -Writer $Writer -Name 'dev:code' -Text ($code -join "`n`n")
    Write-MamlText -Writer $Writer -Name 'dev:remarks' -Paragraphs $text
    $Writer.WriteEndElement()
}
