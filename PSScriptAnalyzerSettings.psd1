# For PSScriptAnalyzer: Invoke-ScriptAnalyzer -Path . -Recurse -Settings ./PSScriptAnalyzerSettings.psd1
# The exclusions are for the scripts around the module; what ships in the package is a manifest and compiled code.
@{
    ExcludeRules = @(
        # Build scripts, examples and the test runner talk to the person in front of them.
        'PSAvoidUsingWriteHost'
        # Helper functions of scripts with three arguments, called a few lines below their declaration.
        'PSAvoidUsingPositionalParameters'
        # Variables of BeforeAll are used in It, which the rule does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Parameters that only a nested function or the name of a parameter set uses.
        'PSReviewUnusedParameter'
        # Helper functions inside scripts; every cmdlet that changes something supports ShouldProcess, and a test holds that.
        'PSUseShouldProcessForStateChangingFunctions'
    )
}
