using System;
using System.Diagnostics;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>The host's processor as the judge of what an instruction does: runs cases in a child process (<see cref="OracleProgram"/>), where faults harm nobody.</summary>
internal sealed unsafe class HostProcessor : IDisposable
{
    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromSeconds(5);

    // Numbers of our registers in the order of the kernel's struct sigcontext: R8 to R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP.
    private static readonly byte[] ContextOrder = [8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4];

    private readonly string _programPath;
    private readonly string _sharedPath;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _shared;
    private readonly byte[] _byte = new byte[1];
    private Process? _process;

    /// <summary>Starts the oracle.</summary>
    public HostProcessor()
    {
        string name = Path.Combine(Path.GetTempPath(), $"emups-oracle-{Guid.NewGuid():N}");
        _programPath = name;
        _sharedPath = name + ".shared";
        using (FileStream stream = new(_sharedPath, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            stream.SetLength(OracleLayout.SharedSize);
        }

        _file = MemoryMappedFile.CreateFromFile(_sharedPath, FileMode.Open);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _shared);
        File.WriteAllBytes(_programPath, OracleProgram.Build());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_programPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Why this host cannot be the judge, or null when it can.</summary>
    public static string? SkipReason => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? null
        : "Comparison with the real processor needs an x86-64 host under Linux.";

    /// <summary>Why this host cannot judge 32-bit code, or null when it can.</summary>
    public static string? SkipReason32 { get; } = SkipReason ?? (Runs32BitCode() ? null : "This host does not run 32-bit code.");

    /// <summary>Runs cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="results">Gets one result for each.</param>
    public void Run(ReadOnlySpan<TestCase> cases, Span<TestResult> results)
    {
        while (!cases.IsEmpty)
        {
            int count = Math.Min(cases.Length, OracleLayout.BatchSize);
            int finished = RunBatch(cases[..count], results);
            cases = cases[finished..];
            results = results[finished..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_programPath);
        File.Delete(_sharedPath);
    }

    /// <summary>Runs up to a batch; returns how many results are there, fewer than asked for after a case that ended the process.</summary>
    private int RunBatch(ReadOnlySpan<TestCase> cases, Span<TestResult> results)
    {
        _process ??= Start();
        for (int n = 0; n < cases.Length; n++)
        {
            Store(cases[n], _shared + OracleLayout.CasesOffset + (n * OracleLayout.RecordSize));
        }

        *(long*)(_shared + OracleLayout.CountOffset) = cases.Length;
        *(long*)(_shared + OracleLayout.IndexOffset) = 0;
        _process.StandardInput.BaseStream.Write([1]);
        _process.StandardInput.BaseStream.Flush();
        int failure = Await(_process);
        int finished = failure == 0 ? cases.Length : (int)*(long*)(_shared + OracleLayout.IndexOffset);
        for (int n = 0; n < finished; n++)
        {
            Fetch(_shared + OracleLayout.ResultsOffset + (n * OracleLayout.RecordSize), cases[n], ref results[n]);
        }

        if (failure != 0)
        {
            results[finished] = default;
            results[finished].Vector = failure;
            finished++;
            Stop();
        }

        return finished;
    }

    private static bool Runs32BitCode()
    {
        using HostProcessor host = new();
        TestCase[] nop = new TestCase[1];
        nop[0].Bits = 32;
        nop[0].Fcw = 0x37F;
        nop[0].Mxcsr = 0x1F80;
        TestCase.SetCode(ref nop[0], [0x90]);
        TestResult[] result = new TestResult[1];
        host.Run(nop, result);
        return result[0].Vector == TestResult.Completed;
    }

    private static void Store(in TestCase source, byte* record)
    {
        Unsafe.WriteUnaligned(record, source);
        ulong* context = (ulong*)record;
        for (int n = 0; n < 16; n++)
        {
            context[n] = source.Gpr[ContextOrder[n]];
        }

        context[16] = OracleLayout.CodeStart;
        context[17] = source.Flags | 0x202;
        context[18] = (source.Bits == 32 ? OracleLayout.CodeSelector32 : OracleLayout.CodeSelector64) | ((ulong)OracleLayout.DataSelector << 48);
    }

    private static void Fetch(byte* record, in TestCase source, ref TestResult result)
    {
        result = Unsafe.ReadUnaligned<TestResult>(record);
        ulong* context = (ulong*)record;
        for (int n = 0; n < 16; n++)
        {
            result.Gpr[ContextOrder[n]] = context[n];
        }

        result.Rip = context[16];
        result.Flags = context[17];
        result.ErrorCode = (uint)context[19];
        result.Vector = (int)context[20];
        result.Cr2 = context[22];
        bool inPage = result.Rip - 1 - OracleLayout.CodeBase < 0x1000;
        if (result.Vector == 3 && inPage && result.Rip - 1 - OracleLayout.CodeStart >= (ulong)source.CodeLength)
        {
            // The INT3 behind the code, or where it jumped to.
            result.Rip--;
            result.Vector = TestResult.Completed;
        }
        else if (result.Vector == 6 && result.Rip - OracleLayout.CodeBase < 0x1000 && result.Rip - OracleLayout.CodeStart >= (ulong)source.CodeLength)
        {
            // INT3 has no #UD: some hypervisors report its exception so, now and then, when RSP is not canonical.
            result.Vector = TestResult.Completed;
        }
        else if (result.Vector == 14 && (result.ErrorCode & 0x10) != 0 && result.Rip - OracleLayout.CodeBase >= 0x1000)
        {
            // It jumped to where there is no code: the instruction itself completed.
            result.Vector = TestResult.Completed;
        }

        if (result.Vector != 14)
        {
            result.Cr2 = 0;
        }

        if (result.Vector is not (14 or 13 or 12 or 11 or 10 or 8 or 17))
        {
            result.ErrorCode = 0;
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = new(_programPath, [_sharedPath]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        Process process = Process.Start(start)!;
        if (Await(process) != 0)
        {
            throw new InvalidOperationException($"The oracle process did not start (exit code {(process.HasExited ? process.ExitCode : -1)}).");
        }

        return process;
    }

    /// <summary>Waits for the byte that says the oracle is ready; 0, or <see cref="TestResult.Hung"/> or <see cref="TestResult.Crashed"/>.</summary>
    private int Await(Process process)
    {
        Task<int> read = process.StandardOutput.BaseStream.ReadAsync(_byte, 0, 1);
        long seen = long.MinValue;
        while (!read.Wait(WatchdogPeriod))
        {
            long index = System.Threading.Volatile.Read(ref *(long*)(_shared + OracleLayout.IndexOffset));
            if (index == seen)
            {
                process.Kill();
                process.WaitForExit();
                return TestResult.Hung;
            }

            seen = index;
        }

        if (read.Result == 1)
        {
            return 0;
        }

        process.WaitForExit();
        return TestResult.Crashed;
    }

    private void Stop()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();
            if (!process.WaitForExit(WatchdogPeriod))
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }
    }
}
