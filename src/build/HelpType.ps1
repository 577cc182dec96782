# Names of types as Get-Command -Syntax shows them.

$script:TypeAccelerators = @{
    String = 'string'
    Boolean = 'bool'
    Byte = 'byte'
    Char = 'char'
    UInt16 = 'ushort'
    Int32 = 'int'
    Int64 = 'long'
    UInt64 = 'ulong'
    Double = 'double'
    Hashtable = 'hashtable'
    ScriptBlock = 'scriptblock'
}

# Takes the full name: System.Nullable`1[System.Int32] is int, EmuPS.Identity.VMIdentity[] is VMIdentity[].
function Get-ShortTypeName([string] $FullName) {
    $name = $FullName -replace '^System\.Nullable`1\[(.*)\]$', '$1'
    $array = $name.EndsWith('[]')
    $name = ($name -replace '\[\]$').Split('.')[-1]
    if ($TypeAccelerators.ContainsKey($name)) {
        $name = $TypeAccelerators[$name]
    }

    if ($array) { "$name[]" } else { $name }
}
