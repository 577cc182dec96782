Describe 'Start-EmuQmpServer' -Tag Unit {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $script:vm = New-TestVM
    }

    AfterAll { Remove-TestVM $vm }

    AfterEach { Get-EmuQmpServer -VM $vm | Stop-EmuQmpServer }

    It 'listens on a socket in the file system' -Skip:($IsWindows) {
        $path = Join-Path $TestDrive 'vm.qmp'
        $server = Start-EmuQmpServer $path -VM $vm
        $server.Path | Should -Be $path
        $path | Should -Exist
    }

    It 'greets on a port, and carries out commands' {
        $server = $vm | Start-EmuQmpServer -Port 0
        $client = [System.Net.Sockets.TcpClient]::new($server.Address, $server.Port)
        $reader = [System.IO.StreamReader]::new($client.GetStream())
        $writer = [System.IO.StreamWriter]::new($client.GetStream())
        $writer.AutoFlush = $true
        $reader.ReadLine() | Should -BeLike '{"QMP":*'
        $writer.WriteLine('{"execute": "qmp_capabilities"}')
        $reader.ReadLine() | Should -BeLike '*"return"*'
        $writer.WriteLine('{"execute": "query-memory-size-summary"}')
        $reader.ReadLine() | Should -BeLike '*"base-memory": 67108864*'
        (Get-EmuQmpServer -VM $vm).Clients | Should -Be 1
        $client.Dispose()
    }

    It 'does nothing with -WhatIf' {
        Start-EmuQmpServer -Port 0 -VM $vm -WhatIf | Should -BeNullOrEmpty
        Get-EmuQmpServer -VM $vm | Should -BeNullOrEmpty
    }

    It 'reports <Id>' -ForEach @(
        @{ Id = 'QmpSocketUnavailable'; Parameters = @{ Path = '/no/such/folder/vm.qmp' } }
        @{ Id = 'QmpSocketUnavailable'; Parameters = @{ Port = 0; Address = '0.0.0.0' } }
        @{ Id = 'InvalidArgument'; Parameters = @{ Port = 0; Address = 'nowhere' } }
    ) {
        { Start-EmuQmpServer @Parameters -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId "$Id,EmuPS.Commands.StartEmuQmpServerCommand"
    }
}
