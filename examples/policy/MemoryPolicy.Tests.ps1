# Tests of a hotplug policy against guests that behave and guests that do not. Runs with Pester 5 and 6, and with EmuPS.Shell's test runner:
#   Invoke-Pester examples/policy
#   dotnet run -c Release --project src/EmuPS.Shell -- build.ps1 -Task Test        (with all other tests)
# Each test has its own VMs with generated names and speaks of them by object: VMs belong to the process, and files may run side by side.

Describe 'Set-DimmTotal' {
    BeforeAll {
        # EmuPS from the checkout; installed, "Import-Module EmuPS" is enough. Without -Force: a loaded assembly stays loaded.
        Import-Module (Join-Path $PSScriptRoot '../../EmuPS.psd1')
        . (Join-Path $PSScriptRoot 'MemoryPolicy.ps1')
    }

    BeforeEach {
        # The simulated guest boots in milliseconds and answers as it is told.
        $script:vm = Start-EmuVM -Guest Simulated -Memory 64MB -Slots 8 -MaxMemory 8GB -Wait -Timeout 30 -ErrorAction Stop
    }

    AfterEach { Remove-EmuVM $vm -Force }

    Context 'a guest that takes and gives everything' {
        It 'reaches <Total> bytes with <Dimms> DIMMs of <DimmSize>' -ForEach @(
            @{ Total = 256MB; DimmSize = 256MB; Dimms = 1 }
            @{ Total = 1GB; DimmSize = 256MB; Dimms = 4 }
            @{ Total = 1GB; DimmSize = 512MB; Dimms = 2 }
            @{ Total = 600MB; DimmSize = 256MB; Dimms = 3 }
        ) {
            $did = Set-DimmTotal $vm $Total -DimmSize $DimmSize
            $did.Added | Should -HaveCount $Dimms
            $did.Total | Should -BeGreaterOrEqual $Total
            (Get-EmuDimm -VM $vm).State | Sort-Object -Unique | Should -Be Accepted
        }

        It 'shrinks again, and leaves no backend behind' {
            $null = Set-DimmTotal $vm 1GB
            $did = Set-DimmTotal $vm 0
            $did.Removed | Should -HaveCount 4
            Get-EmuDimm -VM $vm | Should -BeNullOrEmpty
            Get-EmuMemoryBackend -VM $vm | Should -BeNullOrEmpty
        }

        It 'uses the slots that are free when slot <_> is taken' -ForEach 0, 3, 7 {
            Add-EmuDimm -VM $vm -Size 256MB -Slot $_ -Wait -ErrorAction Stop
            $null = Set-DimmTotal $vm 1GB
            (Get-EmuDimm -VM $vm).Slot | Should -Contain $_
            (Get-EmuDimm -VM $vm).Slot | Sort-Object -Unique | Should -HaveCount 4
        }

        It 'says so when there are not enough slots' {
            { Set-DimmTotal $vm 4GB -DimmSize 256MB } | Should -Throw -ErrorId 'NoFreeDimmSlot,*'
            $vm.PluggedBytes | Should -Be 2GB
        }

        It 'does nothing with -WhatIf' {
            (Set-DimmTotal $vm 1GB -WhatIf).Added | Should -BeNullOrEmpty
            $vm.PluggedBytes | Should -Be 0
        }
    }

    Context 'a guest that refuses' {
        It 'keeps what one DIMM holds and takes the others' {
            $null = Set-DimmTotal $vm 1GB
            $stubborn = (Get-EmuDimm -VM $vm | Sort-Object Slot | Select-Object -Last 1).DimmId
            Set-EmuGuestPolicy -VM $vm -Unplug Refuse -Dimm $stubborn
            $did = Set-DimmTotal $vm 0
            $did.Kept | Should -Be $stubborn
            $did.Removed | Should -HaveCount 3
            $did.Total | Should -Be 256MB
        }

        It 'gets it when the guest has changed its mind' {
            $null = Set-DimmTotal $vm 256MB
            Set-EmuGuestPolicy -VM $vm -Unplug Refuse
            (Set-DimmTotal $vm 0).Kept | Should -HaveCount 1
            Set-EmuGuestPolicy -VM $vm -Unplug Accept
            (Set-DimmTotal $vm 0).Total | Should -Be 0
        }

        It 'fails when the guest does not even take one' {
            Set-EmuGuestPolicy -VM $vm -Plug Refuse
            { Set-DimmTotal $vm 256MB } | Should -Throw -ErrorId 'GuestRefusedPlug,*'
        }
    }

    Context 'a guest that does not answer' {
        It 'gives up in time and says what it kept' {
            $null = Set-DimmTotal $vm 512MB
            Set-EmuGuestPolicy -VM $vm -Unplug Ignore
            $did = Set-DimmTotal $vm 0 -Timeout 0.3
            $did.Kept | Should -HaveCount 2
            (Get-EmuDimm -VM $vm).State | Sort-Object -Unique | Should -Be UnplugPending
        }
    }

    Context 'several VMs' {
        It 'brings each to its own total' {
            $others = 1..3 | ForEach-Object { Start-EmuVM -Guest Simulated -Memory 64MB -Slots 8 -MaxMemory 8GB -Wait -Timeout 30 -ErrorAction Stop }
            try {
                $wanted = 256MB
                foreach ($one in $others) {
                    $null = Set-DimmTotal $one $wanted
                    $wanted *= 2
                }

                $others.PluggedBytes | Should -Be 256MB, 512MB, 1GB
                $vm.PluggedBytes | Should -Be 0
            }
            finally {
                $others | Remove-EmuVM -Force
            }
        }
    }
}
