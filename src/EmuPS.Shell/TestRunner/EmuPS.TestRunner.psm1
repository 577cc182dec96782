# EmuPS.Shell test runner (Pester subset).
#
# Runs test files in two phases, as Pester 5 and 6 do: discovery executes the file and collects blocks and tests, the run
# executes what was collected. What a file may use is listed in Subset.ps1; anything else stops the run before it starts.

Set-StrictMode -Version 3.0

# The session state the tests live in, and what is being discovered or run; Invoke-EmuTest sets both.
$script:Caller = $null
$script:Current = $null
$script:Phase = 'None'

. $PSScriptRoot/Subset.ps1
. $PSScriptRoot/Discovery.ps1
. $PSScriptRoot/Run.ps1
. $PSScriptRoot/Should.ps1
. $PSScriptRoot/Report.ps1
. $PSScriptRoot/Invoke-EmuTest.ps1
