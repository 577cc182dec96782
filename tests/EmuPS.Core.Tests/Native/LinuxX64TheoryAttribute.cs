using System;
using System.Runtime.InteropServices;
using Xunit;

namespace EmuPS.Core.Tests.Native;

/// <summary>A test that runs host code of x64 and asks the kernel of Linux about it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxX64TheoryAttribute : TheoryAttribute
{
    public LinuxX64TheoryAttribute() => Skip = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null : "Needs Linux on x64.";
}
