# For Invoke-ScriptAnalyzer -Path . -Recurse, and for editors, which look for this file: the analyzer's own rules, none left out.
@{
    IncludeDefaultRules = $true
}
