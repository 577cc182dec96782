# Assertions. A failed one throws an error with the id AssertionFailed.

function Should {
    [System.Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'The operators are switches that name the parameter set.')]
    [CmdletBinding(DefaultParameterSetName = 'None')]
    param(
        [Parameter(ValueFromPipeline)] [AllowNull()] [object] $ActualValue,
        [switch] $Not,
        [string] $Because,
        [Parameter(Mandatory, ParameterSetName = 'Be')] [switch] $Be,
        [Parameter(Mandatory, ParameterSetName = 'BeExactly')] [switch] $BeExactly,
        [Parameter(Mandatory, ParameterSetName = 'BeTrue')] [switch] $BeTrue,
        [Parameter(Mandatory, ParameterSetName = 'BeFalse')] [switch] $BeFalse,
        [Parameter(Mandatory, ParameterSetName = 'BeNullOrEmpty')] [switch] $BeNullOrEmpty,
        [Parameter(Mandatory, ParameterSetName = 'BeOfType')] [switch] $BeOfType,
        [Parameter(Mandatory, ParameterSetName = 'BeGreaterThan')] [switch] $BeGreaterThan,
        [Parameter(Mandatory, ParameterSetName = 'BeGreaterOrEqual')] [switch] $BeGreaterOrEqual,
        [Parameter(Mandatory, ParameterSetName = 'BeLessThan')] [switch] $BeLessThan,
        [Parameter(Mandatory, ParameterSetName = 'BeLessOrEqual')] [switch] $BeLessOrEqual,
        [Parameter(Mandatory, ParameterSetName = 'BeLike')] [switch] $BeLike,
        [Parameter(Mandatory, ParameterSetName = 'Match')] [switch] $Match,
        [Parameter(Mandatory, ParameterSetName = 'Contain')] [switch] $Contain,
        [Parameter(Mandatory, ParameterSetName = 'BeIn')] [switch] $BeIn,
        [Parameter(Mandatory, ParameterSetName = 'HaveCount')] [switch] $HaveCount,
        [Parameter(Mandatory, ParameterSetName = 'Exist')] [switch] $Exist,
        [Parameter(Mandatory, ParameterSetName = 'Throw')] [switch] $Throw,
        [Parameter(Position = 0, ParameterSetName = 'Be')]
        [Parameter(Position = 0, ParameterSetName = 'BeExactly')]
        [Parameter(Position = 0, ParameterSetName = 'BeOfType')]
        [Parameter(Position = 0, ParameterSetName = 'BeGreaterThan')]
        [Parameter(Position = 0, ParameterSetName = 'BeGreaterOrEqual')]
        [Parameter(Position = 0, ParameterSetName = 'BeLessThan')]
        [Parameter(Position = 0, ParameterSetName = 'BeLessOrEqual')]
        [Parameter(Position = 0, ParameterSetName = 'BeLike')]
        [Parameter(Position = 0, ParameterSetName = 'Match')]
        [Parameter(Position = 0, ParameterSetName = 'Contain')]
        [Parameter(Position = 0, ParameterSetName = 'BeIn')]
        [Parameter(Position = 0, ParameterSetName = 'HaveCount')]
        [object] $ExpectedValue,
        [Parameter(Position = 0, ParameterSetName = 'Throw')] [string] $ExpectedMessage,
        [Parameter(Position = 1, ParameterSetName = 'Throw')] [string] $ErrorId,
        [Parameter(Position = 2, ParameterSetName = 'Throw')] [type] $ExceptionType,
        [Parameter(ParameterSetName = 'Throw')] [switch] $PassThru
    )
    begin {
        $values = [System.Collections.Generic.List[object]]::new()
    }
    process {
        $values.Add($ActualValue)
    }
    end {
        $operator = $PSCmdlet.ParameterSetName
        if ($operator -eq 'None') {
            throw (Get-OutsideError 'Should without an operator' "line $($MyInvocation.ScriptLineNumber)")
        }

        # A collection is looked at as a whole by these, element by element by the others. No input at all is $null.
        $whole = $operator -in 'Be', 'BeExactly', 'BeNullOrEmpty', 'Contain', 'HaveCount'
        $subjects = @(if ($values.Count -eq 0) { $null } elseif ($whole) { , $values.ToArray() } else { $values.ToArray() })
        foreach ($subject in $subjects) {
            $verdict = if ($operator -eq 'Throw') {
                Test-Throw -Code $subject -Message $ExpectedMessage -Id $ErrorId -Type $ExceptionType
            }
            else {
                @{ Holds = Test-Assertion -Operator $operator -Actual $subject -Expected $ExpectedValue }
            }

            if ($verdict.Holds -eq [bool] $Not) {
                $text = Get-AssertionText -Operator $operator -Actual $subject -Expected $(if ($operator -eq 'Throw') { $ExpectedMessage } else { $ExpectedValue }) -Not $Not -Because $Because
                if ($verdict.Contains('Detail')) {
                    $text += " $($verdict.Detail)"
                }

                $exception = [System.InvalidOperationException]::new($text)
                $record = [System.Management.Automation.ErrorRecord]::new($exception, 'AssertionFailed', 'InvalidResult', $null)
                $PSCmdlet.ThrowTerminatingError($record)
            }

            if ($PassThru -and $verdict.Contains('Error')) {
                $verdict.Error
            }
        }
    }
}

function Test-Assertion([string] $Operator, $Actual, $Expected) {
    switch ($Operator) {
        'Be' { return Test-Equal -Actual @($Actual) -Expected @($Expected) -CaseSensitive $false }
        'BeExactly' { return Test-Equal -Actual @($Actual) -Expected @($Expected) -CaseSensitive $true }
        'BeTrue' { return [bool] $Actual }
        'BeFalse' { return -not $Actual }
        'BeNullOrEmpty' { return Test-Empty $Actual }
        'BeOfType' {
            $type = if ($Expected -is [type]) { $Expected } else { ([string] $Expected).Trim('[', ']') -as [type] }
            if ($null -eq $type) {
                throw "Cannot find the type [$Expected]."
            }

            return $Actual -is $type
        }
        'BeGreaterThan' { return $Actual -gt $Expected }
        'BeGreaterOrEqual' { return $Actual -ge $Expected }
        'BeLessThan' { return $Actual -lt $Expected }
        'BeLessOrEqual' { return $Actual -le $Expected }
        'BeLike' { return $Actual -like $Expected }
        'Match' { return $Actual -match $Expected }
        'Contain' { return @($Actual) -contains $Expected }
        'BeIn' { return @($Expected) -contains $Actual }
        'HaveCount' { return $(if ($null -eq $Actual) { 0 } else { @($Actual).Count }) -eq $Expected }
        'Exist' { return & $script:Caller { param($______path) $ExecutionContext.InvokeProvider.Item.Exists($______path) } $Actual }
    }
}

function Test-Empty($Actual) {
    if ($null -eq $Actual) {
        return $true
    }

    $items = @($Actual)
    if ($items.Count -ne 1) {
        return $items.Count -eq 0
    }

    $one = $items[0]
    $null -eq $one -or ($one -is [string] -and $one.Length -eq 0) -or ($one -is [System.Collections.ICollection] -and $one.Count -eq 0)
}

# Collections are equal element by element; a lone element equals the collection that holds only it.
function Test-Equal([object[]] $Actual, [object[]] $Expected, [bool] $CaseSensitive) {
    $noActual = $Actual.Count -eq 0 -or ($Actual.Count -eq 1 -and $null -eq $Actual[0])
    $noExpected = $Expected.Count -eq 0 -or ($Expected.Count -eq 1 -and $null -eq $Expected[0])
    if ($noActual -or $noExpected) {
        return $noActual -and $noExpected
    }

    if ($Actual.Count -ne $Expected.Count) {
        return $false
    }

    for ($i = 0; $i -lt $Actual.Count; $i++) {
        $left = $Actual[$i]
        $right = $Expected[$i]
        if ($left -is [array] -or $right -is [array]) {
            if (-not (Test-Equal -Actual @($left) -Expected @($right) -CaseSensitive $CaseSensitive)) {
                return $false
            }
        }
        elseif ($CaseSensitive) {
            if (-not ($right -ceq $left)) {
                return $false
            }
        }
        elseif (-not ($right -eq $left)) {
            return $false
        }
    }

    $true
}

function Test-Throw($Code, [string] $Message, [string] $Id, [type] $Type) {
    if ($Code -isnot [scriptblock]) {
        throw 'Should -Throw looks at a script block: { ... } | Should -Throw.'
    }

    $caught = $null
    try {
        do { $null = & $Code } until ($true)
    }
    catch {
        $caught = $_
    }

    if ($null -eq $caught) {
        return @{ Holds = $false; Detail = 'Nothing was thrown.' }
    }

    if ($caught.FullyQualifiedErrorId -like 'OutsideTheSubset*') {
        throw $caught
    }

    $holds = (-not $Message -or $caught.Exception.Message -like $Message) -and
        (-not $Id -or $caught.FullyQualifiedErrorId -like $Id) -and
        ($null -eq $Type -or $caught.Exception -is $Type)
    @{
        Holds = $holds
        Error = $caught
        Detail = "Thrown: [$($caught.Exception.GetType().FullName)] '$($caught.Exception.Message)', id '$($caught.FullyQualifiedErrorId)'."
    }
}

function Get-AssertionText([string] $Operator, $Actual, $Expected, [bool] $Not, [string] $Because) {
    $words = ($Operator -creplace '(?<=[a-z])(?=[A-Z])', ' ').ToLowerInvariant()
    $subject = if ($Operator -eq 'Throw') { 'The script block' } else { Format-Value $Actual }
    $object = if ($Operator -in 'BeTrue', 'BeFalse', 'BeNullOrEmpty', 'Exist' -or ($Operator -eq 'Throw' -and -not $Expected)) { '' } else { ' ' + (Format-Value $Expected) }
    $reason = if ($Because) { ", because $($Because -replace '^because\s+', '')" } else { '' }
    '{0} should {1}{2}{3}{4}.' -f $subject, $(if ($Not) { 'not ' } else { '' }), $words, $object, $reason
}

function Format-Value($Value) {
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [string]) { return "'$Value'" }
    if ($Value -is [array] -and $Value.Count -eq 1) { return Format-Value $Value[0] }
    if ($Value -is [array]) { return '@(' + (($Value | ForEach-Object { Format-Value $_ }) -join ', ') + ')' }
    "$Value"
}
