# The words of a test file. During discovery they collect blocks and tests.

function ConvertTo-Block([string] $Kind, [string] $Name, $Parent) {
    [pscustomobject]@{
        Kind = $Kind
        Name = $Name
        Parent = $Parent
        Data = $null
        Tag = @()
        Skip = $false
        BeforeAll = $null
        BeforeEach = $null
        AfterEach = $null
        AfterAll = $null
        Children = [System.Collections.Generic.List[object]]::new()
        ExpandedName = $Name
        ErrorRecord = $null
    }
}

function ConvertTo-Test([string] $Name, [scriptblock] $Body, $Parent) {
    [pscustomobject]@{
        Kind = 'It'
        Name = $Name
        Body = $Body
        Parent = $Parent
        Data = $null
        Tag = @()
        Skip = $false
        ShouldRun = $true
        ExpandedName = $Name
        ExpandedPath = $Name
        Result = 'NotRun'
        Reason = $null
        ErrorRecord = $null
        Duration = [timespan]::Zero
    }
}

# One item of -ForEach: dictionary keys become variables, everything becomes $_.
function ConvertTo-Data($Item) {
    $bare = if ($null -eq $Item) { $null } else { $Item.psobject.BaseObject }
    [pscustomobject]@{
        Item = $Item
        Variables = if ($bare -is [System.Collections.IDictionary]) { $bare } else { @{} }
    }
}

# Runs in the tests' session state: a new scope that holds the data, in which the runner goes on.
$script:EnterScope = {
    param($______data, $______next)
    if ($null -ne $______data) {
        foreach ($______key in $______data.Variables.Keys) {
            $ExecutionContext.SessionState.PSVariable.Set($______key, $______data.Variables[$______key])
        }

        $ExecutionContext.SessionState.PSVariable.Set('_', $______data.Item)
    }

    & $______next
}

function Assert-Discovery([string] $Word) {
    if ($script:Phase -ne 'Discovery') {
        throw "$Word belongs into a block of a test file; it cannot be used inside a test."
    }
}

function Add-DataBlock([string] $Kind, [string] $Name, [scriptblock] $Fixture, [bool] $HasForEach, $Items, [string[]] $Tag, [bool] $Skip) {
    Assert-Discovery $Kind
    if ($null -eq $Fixture) {
        throw "$Kind '$Name' has no script block. Does its brace stand on the same line?"
    }

    $rows = @(if ($HasForEach) { Get-Row -Kind $Kind -Name $Name -Items $Items } else { $null })
    foreach ($data in $rows) {
        $block = ConvertTo-Block -Kind $Kind -Name $Name -Parent $script:Current
        $block.Data = $data
        $block.Tag = @($Tag)
        $block.Skip = $Skip
        $script:Current.Children.Add($block)
        $outer = $script:Current
        $script:Current = $block
        try {
            $null = & $script:Caller $script:EnterScope $data { . $Fixture }
        }
        finally {
            $script:Current = $outer
        }
    }
}

function Get-Row([string] $Kind, [string] $Name, $Items) {
    $list = @($Items)
    if ($null -eq $Items -or $list.Count -eq 0) {
        throw "-ForEach of $Kind '$Name' is empty: nothing would be tested."
    }

    foreach ($item in $list) {
        ConvertTo-Data $item
    }
}

function Describe {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', 'ForEach', Justification = 'The name is Pester''s.')]
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Position = 1)] [scriptblock] $Fixture,
        [object] $ForEach,
        [Alias('Tags')] [string[]] $Tag = @(),
        [switch] $Skip
    )
    Add-DataBlock -Kind 'Describe' -Name $Name -Fixture $Fixture -HasForEach $PSBoundParameters.ContainsKey('ForEach') -Items $ForEach -Tag $Tag -Skip $Skip
}

function Context {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', 'ForEach', Justification = 'The name is Pester''s.')]
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Position = 1)] [scriptblock] $Fixture,
        [object] $ForEach,
        [Alias('Tags')] [string[]] $Tag = @(),
        [switch] $Skip
    )
    Add-DataBlock -Kind 'Context' -Name $Name -Fixture $Fixture -HasForEach $PSBoundParameters.ContainsKey('ForEach') -Items $ForEach -Tag $Tag -Skip $Skip
}

function It {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', 'ForEach', Justification = 'The name is Pester''s.')]
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Position = 1)] [scriptblock] $Test,
        [Alias('TestCases')] [object] $ForEach,
        [Alias('Tags')] [string[]] $Tag = @(),
        [switch] $Skip
    )
    Assert-Discovery 'It'
    if ($null -eq $script:Current.Parent) {
        throw "It '$Name' stands outside of Describe and Context."
    }

    if ($null -eq $Test) {
        throw "It '$Name' has no script block. Does its brace stand on the same line?"
    }

    $rows = @(if ($PSBoundParameters.ContainsKey('ForEach')) { Get-Row -Kind 'It' -Name $Name -Items $ForEach } else { $null })
    foreach ($data in $rows) {
        $one = ConvertTo-Test -Name $Name -Body $Test -Parent $script:Current
        $one.Data = $data
        $one.Tag = @($Tag)
        $one.Skip = [bool] $Skip
        $script:Current.Children.Add($one)
    }
}

function BeforeDiscovery {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $ScriptBlock)
    Assert-Discovery 'BeforeDiscovery'
    $null = . $ScriptBlock
}

function Add-Hook([string] $Name, [scriptblock] $Code) {
    Assert-Discovery $Name
    if ($null -ne $script:Current.$Name) {
        throw "$Name stands twice in one block."
    }

    $script:Current.$Name = $Code
}

function BeforeAll {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Scriptblock)
    Add-Hook 'BeforeAll' $Scriptblock
}

function BeforeEach {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Scriptblock)
    Add-Hook 'BeforeEach' $Scriptblock
}

function AfterEach {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Scriptblock)
    Add-Hook 'AfterEach' $Scriptblock
}

function AfterAll {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Scriptblock)
    Add-Hook 'AfterAll' $Scriptblock
}
