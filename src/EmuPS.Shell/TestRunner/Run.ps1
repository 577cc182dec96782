# The second phase: executes collected blocks and tests.

function Set-ItResult {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Pester has this name.')]
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'The switches name the parameter set.')]
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Skipped')] [switch] $Skipped,
        [Parameter(Mandatory, ParameterSetName = 'Inconclusive')] [switch] $Inconclusive,
        [string] $Because = ''
    )
    $exception = [System.OperationCanceledException]::new($Because)
    $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($exception, "ItResult:$($PSCmdlet.ParameterSetName)", 'OperationStopped', $null))
}

function Get-RunnableTest($Block) {
    foreach ($child in $Block.Children) {
        if ($child.Kind -ne 'It') {
            Get-RunnableTest $child
        }
        elseif ($child.ShouldRun -and -not (Test-Skipped $child)) {
            $child
        }
    }
}

function Test-Skipped($Node) {
    for ($at = $Node; $null -ne $at; $at = $at.Parent) {
        if ($at.Skip) {
            return $true
        }
    }

    $false
}

# Fills in <Name>, <Object.Property> and <_.Method()> from the scope the node runs in; a backtick keeps the bracket.
function Expand-Name([string] $Text) {
    $filled = [regex]::Replace($Text, '(?<!`)<([^<>`]+)>', {
            param($match)
            try {
                [string] (& $script:Caller ([scriptblock]::Create('$' + $match.Groups[1].Value)))
            }
            catch {
                $match.Value
            }
        })
    $filled -replace '`(?=[<>])', ''
}

function Get-ExpandedPath($Node) {
    $names = [System.Collections.Generic.List[string]]::new()
    for ($at = $Node; $null -ne $at.Parent; $at = $at.Parent) {
        $names.Insert(0, $at.ExpandedName)
    }

    $names -join '.'
}

# The data that the code of a param() block takes; without one the variables do.
function Get-BodyArgument($Test) {
    $arguments = @{}
    $parameters = $Test.Body.Ast.ParamBlock
    if ($null -ne $parameters -and $null -ne $Test.Data) {
        foreach ($parameter in $parameters.Parameters) {
            $name = $parameter.Name.VariablePath.UserPath
            if ($Test.Data.Variables.Contains($name)) {
                $arguments[$name] = $Test.Data.Variables[$name]
            }
        }
    }

    $arguments
}

function Get-Hook($Test, [string] $Name, [switch] $OuterFirst) {
    $hooks = [System.Collections.Generic.List[object]]::new()
    for ($at = $Test.Parent; $null -ne $at; $at = $at.Parent) {
        if ($null -ne $at.$Name) {
            if ($OuterFirst) { $hooks.Insert(0, $at.$Name) } else { $hooks.Add($at.$Name) }
        }
    }

    , $hooks
}

function Complete-Test($Test, $ErrorRecord) {
    if ($ErrorRecord.FullyQualifiedErrorId -like 'OutsideTheSubset*') {
        throw $ErrorRecord
    }

    if ($Test.Result -eq 'Failed') {
        return
    }

    if ($ErrorRecord.FullyQualifiedErrorId -match '^ItResult:(\w+)') {
        $Test.Result = $Matches[1]
        $Test.Reason = $ErrorRecord.Exception.Message
    }
    else {
        $Test.Result = 'Failed'
        $Test.ErrorRecord = $ErrorRecord
    }
}

function Invoke-Test($Test) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = & $script:Caller $script:EnterScope $Test.Data {
        $Test.ExpandedName = Expand-Name $Test.Name
        $Test.ExpandedPath = Get-ExpandedPath $Test
        $Test.Result = 'Passed'
        try {
            foreach ($hook in (Get-Hook $Test BeforeEach -OuterFirst)) {
                do { $null = . $hook } until ($true)
            }

            $arguments = Get-BodyArgument $Test
            $body = $Test.Body
            do { $null = . $body @arguments } until ($true)
        }
        catch {
            Complete-Test $Test $_
        }
        finally {
            foreach ($hook in (Get-Hook $Test AfterEach)) {
                try {
                    do { $null = . $hook } until ($true)
                }
                catch {
                    Complete-Test $Test $_
                }
            }
        }
    }
    $Test.Duration = $watch.Elapsed
    Write-TestLine $Test
}

# Every test below a block, without running it.
function Complete-Block($Block, [string] $Result, $ErrorRecord) {
    foreach ($child in $Block.Children) {
        if ($child.Kind -ne 'It') {
            Complete-Block -Block $child -Result $Result -ErrorRecord $ErrorRecord
        }
        elseif ($child.ShouldRun) {
            $child.ExpandedPath = Get-ExpandedPath $child
            $child.Result = if (Test-Skipped $child) { 'Skipped' } else { $Result }
            $child.ErrorRecord = if ($child.Result -eq 'Failed') { $ErrorRecord } else { $null }
            Write-TestLine $child
        }
    }
}

function Invoke-Child($Child) {
    if ($Child.Kind -ne 'It') {
        Invoke-Block $Child
    }
    elseif ($Child.ShouldRun -and (Test-Skipped $Child)) {
        $Child.ExpandedPath = Get-ExpandedPath $Child
        $Child.Result = 'Skipped'
        Write-TestLine $Child
    }
    elseif ($Child.ShouldRun) {
        Invoke-Test $Child
    }
}

function Invoke-Block($Block) {
    if (@(Get-RunnableTest $Block).Count -eq 0) {
        Complete-Block -Block $Block -Result 'Skipped' -ErrorRecord $null
        return
    }

    $top = $null -ne $Block.Parent -and $null -eq $Block.Parent.Parent
    if ($top) {
        Initialize-TestDrive
    }

    try {
        $null = & $script:Caller $script:EnterScope $Block.Data { Invoke-BlockBody $Block }
    }
    finally {
        if ($top) {
            Clear-TestDrive
        }
    }
}

function Invoke-BlockBody($Block) {
    if ($null -ne $Block.Parent) {
        $Block.ExpandedName = Expand-Name $Block.Name
        Write-BlockLine $Block
    }

    $ready = $true
    if ($null -ne $Block.BeforeAll) {
        $hook = $Block.BeforeAll
        try {
            do { $null = . $hook } until ($true)
        }
        catch {
            $ready = $false
            Add-BlockError -Block $Block -Hook 'BeforeAll' -ErrorRecord $_
            Complete-Block -Block $Block -Result 'Failed' -ErrorRecord $_
        }
    }

    if ($ready) {
        foreach ($child in $Block.Children) {
            Invoke-Child $child
        }
    }

    if ($null -ne $Block.AfterAll) {
        $hook = $Block.AfterAll
        try {
            do { $null = . $hook } until ($true)
        }
        catch {
            Add-BlockError -Block $Block -Hook 'AfterAll' -ErrorRecord $_
        }
    }
}

function Add-BlockError($Block, [string] $Hook, $ErrorRecord) {
    if ($ErrorRecord.FullyQualifiedErrorId -like 'OutsideTheSubset*') {
        throw $ErrorRecord
    }

    if ($null -eq $Block.ErrorRecord) {
        $Block.ErrorRecord = $ErrorRecord
    }

    Write-Failure "$Hook of '$($Block.ExpandedName)' failed" $ErrorRecord
}

# The drive TestDrive: and the variable $TestDrive over a folder of its own, one per top-level block.
function Initialize-TestDrive {
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('EmuPS.TestDrive.' + [guid]::NewGuid().ToString('N'))
    $null = [System.IO.Directory]::CreateDirectory($folder)
    $state = $script:Caller.SessionState
    $provider = $state.Provider.GetOne('FileSystem')
    $drive = [System.Management.Automation.PSDriveInfo]::new('TestDrive', $provider, $folder, '', $null)
    $null = $state.Drive.New($drive, 'Global')
    $state.PSVariable.Set('global:TestDrive', $folder)
    $script:TestDriveFolder = $folder
}

function Clear-TestDrive {
    $state = $script:Caller.SessionState
    if ($state.Path.CurrentLocation.Drive.Name -eq 'TestDrive') {
        $null = $state.Path.SetLocation($script:StartLocation)
    }

    $state.Drive.Remove('TestDrive', $true, 'Global')
    $state.PSVariable.Remove('global:TestDrive')
    if ([System.IO.Directory]::Exists($script:TestDriveFolder)) {
        [System.IO.Directory]::Delete($script:TestDriveFolder, $true)
    }
}
