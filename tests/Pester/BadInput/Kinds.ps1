# The kinds of bad values, by what a parameter means. Dot-sourced by BadInput.Tests.ps1 before its discovery.
#
# What a call with one must come to:
#   binding          PowerShell refuses the value before the cmdlet runs
#   <error id>       the cmdlet says so, with this id
#   nothing: <why>   it is no error and stands for nothing: the call emits nothing and changes nothing
#   taken: <why>     it is a value like any other, for this reason; what the call did is undone
#
# A text that begins with @ names a thing of the fixture (Call.ps1): @vm, @stoppedVM, @otherDimm, ...
[System.Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingPositionalParameters', '', Justification = 'The columns of a table.')]
param()

function Bad([string] $Kind, $Value, [string] $Expect) {
    @{ Kind = $Kind; Value = $Value; Expect = $Expect }
}

$odd = "a b;`$x``n`"'"
$long = 'x' * 5000
$huge = [long]::MaxValue
$huger = [ulong] 9223372036854775808
$hugest = [bigint]::Parse('18446744073709551616')

$zero = @(
    Bad 'zero' 0 'zero'
    Bad 'empty, which PowerShell reads as 0' '' 'zero'
)
$noNumber = @(
    Bad 'null' $null 'binding'
    Bad 'a text' 'abc' 'binding'
    Bad '2^64' $hugest 'binding'
    Bad 'not a number' ([double]::NaN) 'binding'
    Bad 'infinite' ([double]::PositiveInfinity) 'binding'
    Bad 'a hashtable' @{ a = 1 } 'binding'
    Bad 'a VM' '@vm' 'binding'
    Bad 'an empty array' @() 'binding'
)
$noText = @(
    Bad 'null' $null 'binding'
    Bad 'empty' '' 'binding'
    Bad 'an empty array' @() 'binding'
)
$noName = @(
    Bad 'blank' '  ' 'NotFound'
    Bad 'no such name' 'nosuch' 'NotFound'
    Bad 'a wildcard without match' 'nosuch*' 'nothing: a wildcard may match none, as for every cmdlet of PowerShell'
    Bad 'a broken wildcard' '[' 'InvalidPattern'
    Bad 'another broken wildcard' 'a[b' 'InvalidPattern'
    Bad 'odd characters' $odd 'NotFound'
    Bad 'very long' $long 'NotFound'
)
$noIdentity = @(
    Bad 'null' $null 'binding'
    Bad 'an empty array' @() 'binding'
    Bad 'null in an array' @('nosuch', $null) 'binding'
    Bad 'empty' '' 'NotFound'
    Bad 'a number' 999999 'NotFound'
    Bad 'a negative number' (-1) 'NotFound'
    Bad '2^63-1' $huge 'NotFound'
    Bad '2^63' $huger 'NotFound'
    Bad '2^64' $hugest 'binding'
    Bad 'a hashtable' @{ a = 1 } 'binding'
    Bad 'a date' ([datetime] '2026-01-01') 'binding'
)
$noPath = @(
    Bad 'null' $null 'binding'
    Bad 'empty' '' 'binding'
    Bad 'blank' '  ' 'InvalidPath'
    Bad 'a null character' "a`0b" 'InvalidPath'
    Bad 'another provider''s' 'Env:PATH' 'InvalidPath'
    Bad 'a drive that is not there' 'nosuchdrive:\x' 'InvalidPath'
    Bad 'a provider that is not there' 'Nosuch\Nosuch::x' 'InvalidPath'
    Bad 'in a folder that is not there' '@folder/nosuch/x' 'Unavailable'
    Bad 'below a file' '@folder/file.txt/x' 'Unavailable'
    Bad 'a folder' '@folder' 'Unavailable'
    Bad 'very long' ('@folder/' + $long) 'Unavailable'
)

# By domain: the types of the parameters it is for, and the values.
$BadValues = @{
    vm = @{
        Types = 'VMIdentity[]'
        Values = $noIdentity + $noName + @(
            Bad 'a DIMM' '@dimm' 'binding'
            Bad 'a stopped VM' '@stoppedVM' 'VMNotRunning'
            Bad 'a removed VM' '@removedVM' 'NotFound'
        )
        NotFound = 'VMNotFound'
    }
    dimm = @{
        Types = 'DimmIdentity[]'
        Values = $noIdentity + $noName + @(
            Bad 'a VM' '@vm' 'binding'
            Bad 'a memory backend' '@backend' 'binding'
            Bad 'the path of a device that is not there' '/machine/nosuch' 'NotFound'
            Bad 'a removed DIMM' '@removedDimm' 'NotFound'
            Bad 'a DIMM of another VM' '@otherDimm' 'DimmOfAnotherVM'
            Bad 'a DIMM of a stopped VM, with the id of one that is there' '@stoppedDimm' 'DimmOfAnotherVM'
            Bad 'a DIMM of a removed VM' '@removedVMDimm' 'VMNotFound'
        )
        NotFound = 'DimmNotFound'
    }
    backend = @{
        Types = 'BackendIdentity[]'
        Values = $noIdentity + $noName + @(
            Bad 'a VM' '@vm' 'binding'
            Bad 'a removed backend' '@removedBackend' 'NotFound'
            Bad 'a backend of another VM' '@otherBackend' 'BackendOfAnotherVM'
            Bad 'a DIMM of another VM' '@otherDimm' 'BackendOfAnotherVM'
            Bad 'a backend of a stopped VM, with the id of one that is there' '@stoppedBackend' 'BackendOfAnotherVM'
            Bad 'a backend of a removed VM' '@removedVMBackend' 'VMNotFound'
        )
        NotFound = 'BackendNotFound'
    }
    # Names of what is there already, as texts.
    name = @{
        Types = 'String[]', 'GuestIdentity'
        Values = $noText + $noName + @(
            Bad 'null in an array' @('nosuch', $null) 'binding'
            # Where VMs are named a number is an id, so it is one that none has.
            Bad 'a number' 999999 'NotFound'
        )
        NotFound = 'VMNotFound'
    }
    # Ids of what is made.
    id = @{
        Types = 'String'
        Values = $noText + @(
            Bad 'blank' '  ' 'InvalidIdentifier'
            Bad 'a number' 5 'InvalidIdentifier'
            Bad 'a wildcard' 'a*' 'InvalidIdentifier'
            Bad 'odd characters' $odd 'InvalidIdentifier'
            Bad 'a null character' "a`0b" 'InvalidIdentifier'
            Bad 'not ASCII' "`u{fc}n`u{ef}" 'InvalidIdentifier'
        )
    }
    size = @{
        Types = 'Int64', 'Int64?'
        Values = $noNumber + @(
            Bad 'empty' '' 'binding'
            Bad 'zero' 0 'SizeTooSmall'
            Bad 'negative' (-1) 'SizeTooSmall'
            Bad 'the most negative' ([long]::MinValue) 'SizeTooSmall'
            Bad 'a negative text' '-5' 'binding'
            Bad 'a fraction of a byte' 1.5 'binding'
            Bad '2^63-1' $huge 'HostMemoryExhausted'
            Bad '2^63' $huger 'binding'
            Bad '2^63 as a text' '9223372036854775808' 'binding'
            Bad '8E, which is 2^63' '8E' 'binding'
        )
    }
    count = @{
        Types = 'Int32', 'Int32?', 'Int32[]', 'UInt16[]', 'Byte[]'
        Values = $noNumber + $zero + @(
            Bad 'negative' (-1) 'binding'
            Bad '2^31' 2147483648 'binding'
            Bad '2^63-1' $huge 'binding'
            Bad '2^63' $huger 'binding'
        )
    }
    # Numbers of 64 bits.
    position = @{
        Types = 'Int64', 'Int64?', 'UInt64'
        Values = $noNumber + $zero + @(
            Bad 'negative' (-1) 'binding'
        )
    }
    seconds = @{
        Types = 'Double', 'Double?'
        Values = $noNumber + $zero + @(
            Bad 'a little negative' (-0.5) 'binding'
            Bad 'negative, and not -1' (-2) 'binding'
            Bad 'beyond the longest' 4294968 'binding'
            Bad '2^63' $huger 'binding'
            Bad '1e300' 1e300 'binding'
        )
    }
    switch = @{
        Types = 'SwitchParameter', 'Boolean'
        Values = @(
            Bad 'a text' 'yes' 'binding'
            Bad 'a hashtable' @{ a = 1 } 'binding'
            Bad 'an array' @($true, $false) 'binding'
            Bad 'a VM' '@vm' 'binding'
        )
    }
    word = @{
        Types = 'enum'
        Values = @(
            Bad 'null' $null 'binding'
            Bad 'empty' '' 'binding'
            Bad 'an empty array' @() 'binding'
            Bad 'no such word' 'nosuch' 'binding'
            Bad 'a wildcard' 'A*' 'binding'
            Bad 'negative' (-1) 'binding'
            Bad 'a number without a word' 99 'binding'
            Bad '2^63-1' $huge 'binding'
            Bad 'a hashtable' @{ a = 1 } 'binding'
            Bad 'a VM' '@vm' 'binding'
        )
    }
    # A file that must be there.
    input = @{
        Types = 'String', 'String[]'
        Values = $noPath + @(
            Bad 'not there' '@folder/nosuch' 'Unavailable'
            Bad 'a wildcard, which is no path here' '@folder/nosuch*' 'Unavailable'
            Bad 'odd characters' "@folder/$odd" 'Unavailable'
        )
        Unavailable = 'FileUnavailable'
    }
    # A file that is made.
    output = @{
        Types = 'String'
        Values = $noPath
        Unavailable = 'FileUnavailable'
    }
    pattern = @{
        Types = 'String'
        Values = $noText + @(
            Bad 'an open bracket' '[' 'InvalidPattern'
            Bad 'an open group' '(' 'InvalidPattern'
            Bad 'a quantifier of nothing' '*' 'InvalidPattern'
            Bad 'what matches nothing' 'nosuch{99}' 'nothing: a filter'
        )
    }
    # Whatever else a parameter takes: the row lists the values.
    own = @{
        Types = 'String', 'String[]', 'Char', 'Hashtable', 'ScriptBlock', 'EmuDimmSpec[]', 'EmuNumaNodeSpec[]'
        Values = @()
    }
}

# A cmdlet with the arguments of a call that would go well, and its parameters.
function Cmdlet([string] $Name, [hashtable] $With, [scriptblock] $Rows) {
    foreach ($row in & $Rows) {
        $row.Cmdlet = $Name
        $arguments = @{} + $With
        foreach ($key in $row.Without) { $arguments.Remove($key) }
        foreach ($key in $row.With.Keys) { $arguments[$key] = $row.With[$key] }
        $row.With = $arguments
        $row
    }
}

# A parameter. -But changes what is expected of a kind, -Zero says it of 0, -Not leaves kinds out, -And adds values; -Errors names
# the domain's ids for this cmdlet; -Names are QEMU's words for the parameter, one of which is in the error where its name is not.
function Row([string] $Parameter, [string] $Domain, [hashtable] $But = @{}, [string] $Zero = 'taken: a number like any other', [string[]] $Not = @(),
    [object[]] $And = @(), [string[]] $Without = @(), [hashtable] $With = @{}, [hashtable] $Errors = @{}, [string[]] $Names = @()) {
    $cases = foreach ($case in $BadValues[$Domain].Values + $And) {
        if ($case.Kind -in $Not) { continue }
        $expect = if ($But.ContainsKey($case.Kind)) { $But[$case.Kind] } else { $case.Expect }
        foreach ($word in 'NotFound', 'Unavailable') {
            if ($expect -eq $word) { $expect = if ($Errors.ContainsKey($word)) { $Errors[$word] } else { $BadValues[$Domain][$word] } }
        }

        if ($expect -eq 'zero') { $expect = $Zero }
        @{ Kind = $case.Kind; Value = $case.Value; Expect = $expect }
    }
    foreach ($kind in @($But.Keys) + $Not) {
        if ($kind -notin $cases.Kind -and $kind -notin $BadValues[$Domain].Values.Kind) { throw "-${Parameter}: the domain $Domain has no kind '$kind'." }
    }

    @{ Parameter = $Parameter; Types = $BadValues[$Domain].Types; Cases = @($cases); Without = $Without; With = $With; Names = $Names }
}
