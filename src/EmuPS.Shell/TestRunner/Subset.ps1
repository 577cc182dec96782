# The commands and parameters of a test file that this runner knows, and the check that a file uses no others.

$script:SubsetParameters = @{
    'Describe' = 'Name', 'Fixture', 'ForEach', 'Tag', 'Skip'
    'Context' = 'Name', 'Fixture', 'ForEach', 'Tag', 'Skip'
    'It' = 'Name', 'Test', 'ForEach', 'TestCases', 'Tag', 'Skip'
    'BeforeDiscovery' = @('ScriptBlock')
    'BeforeAll' = @('Scriptblock')
    'BeforeEach' = @('Scriptblock')
    'AfterEach' = @('Scriptblock')
    'AfterAll' = @('Scriptblock')
    'Set-ItResult' = 'Skipped', 'Inconclusive', 'Because'
    'Should' = 'ActualValue', 'Not', 'Because', 'ExpectedValue', 'Be', 'BeExactly', 'BeTrue', 'BeFalse', 'BeNullOrEmpty', 'BeOfType',
        'BeGreaterThan', 'BeGreaterOrEqual', 'BeLessThan', 'BeLessOrEqual', 'BeLike', 'Match', 'Contain', 'BeIn', 'HaveCount', 'Exist',
        'Throw', 'ExpectedMessage', 'ErrorId', 'ExceptionType', 'PassThru'
}

# Pester's commands that stay outside. Commands that start with "Should-" do too.
$script:OutsideCommands = 'Mock', 'InModuleScope', 'Assert-MockCalled', 'Assert-VerifiableMock', 'Assert-VerifiableMocks', 'New-Fixture',
    'New-MockObject', 'Add-ShouldOperator', 'Get-ShouldOperator', 'Add-AssertionOperator', 'InPesterModuleScope'

# The error that no test and no block may swallow.
function Get-OutsideError([string] $What, [string] $Where) {
    $exception = [System.NotSupportedException]::new("$What is outside the subset of the EmuPS.Shell test runner ($Where).")
    [System.Management.Automation.ErrorRecord]::new($exception, 'OutsideTheSubset', 'NotImplemented', $What)
}

# Throws for the first command or parameter of a file that is outside the subset. Also throws when the file does not parse.
function Assert-InSubset([string] $Path) {
    $errors = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $errors)
    if ($errors) {
        throw [System.Management.Automation.ParseException]::new($errors)
    }

    $own = @(foreach ($function in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true)) { $function.Name })
    foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $name = $command.GetCommandName()
        if (-not $name -or $name -in $own) {
            continue
        }

        $where = '{0}:{1}' -f $Path, $command.Extent.StartLineNumber
        if ($name -in $script:OutsideCommands -or $name -like 'Should-*') {
            throw (Get-OutsideError $name $where)
        }

        if (-not $script:SubsetParameters.ContainsKey($name)) {
            continue
        }

        foreach ($element in $command.CommandElements) {
            if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and
                $element.ParameterName -notin $script:SubsetParameters[$name] -and
                $element.ParameterName -notin [System.Management.Automation.Cmdlet]::CommonParameters) {
                throw (Get-OutsideError "$name -$($element.ParameterName)" $where)
            }
        }
    }
}
