# For PSScriptAnalyzer: Invoke-ScriptAnalyzer -Path . -Recurse -Settings ./PSScriptAnalyzerSettings.psd1
# What ships in the package and the examples needs none of this: they are clean under the analyzer's own and its PSGallery settings.
@{
    ExcludeRules = @(
        # src/build and the test runner: they talk to the person in front of them, beside what they return.
        'PSAvoidUsingWriteHost'
        # tests: variables of BeforeAll are used in It, which the rule does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
    )
}
