# Runs a test file's blocks. What they set as $script: lives in this script's scope: all blocks of the file have it, the next file does not.
param($______next)

$ErrorActionPreference = 'Continue'
& $______next
