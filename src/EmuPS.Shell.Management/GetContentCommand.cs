using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace EmuPS.Shell.Management;

/// <summary>What an item holds: a file's lines, text or bytes; another provider's values.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : PathCommand
{
    private const int Block = 256;

    /// <summary>One string, line ends included.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Bytes instead of text.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How many lines or bytes from the start.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("First", "Head")]
    [ValidateRange(0, long.MaxValue)]
    public long TotalCount { get; set; } = long.MaxValue;

    /// <summary>How many lines or bytes from the end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = -1;

    /// <summary>The file's encoding; a mark at its start wins.</summary>
    [Parameter]
    public string Encoding { get; set; } = "utf8";

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (string item in Resolve(path, out ProviderInfo provider))
        {
            if (IsFileSystem(provider))
                ReadFile(item);
            else
                ReadProvider($"{provider.Name}::{item}");
        }
    });

    private void ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            WriteError(new ErrorRecord(
                new System.UnauthorizedAccessException($"'{path}' is a folder; Get-Content reads files."), "GetContainerContentException", ErrorCategory.InvalidOperation, path));
            return;
        }

        if (!File.Exists(path))
        {
            WriteError(new ErrorRecord(
                new ItemNotFoundException($"Cannot find path '{path}' because it does not exist."), "PathNotFound", ErrorCategory.ObjectNotFound, path));
            return;
        }

        if (AsByteStream)
            ReadBytes(path);
        else if (Raw)
            WriteObject(ReadText(path));
        else
            Emit(Lines(path));
    }

    private void ReadBytes(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (Raw)
            WriteObject(bytes);
        else
            Emit(bytes);
    }

    private string ReadText(string path)
    {
        using StreamReader reader = Open(path);
        return reader.ReadToEnd();
    }

    private IEnumerable<string> Lines(string path)
    {
        using StreamReader reader = Open(path);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private StreamReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), TextFile.EncodingOf(Encoding), detectEncodingFromByteOrderMarks: true);

    private void ReadProvider(string path)
    {
        foreach (IContentReader reader in InvokeProvider.Content.GetReader([path], force: true, literalPath: true))
        {
            using (reader)
            {
                List<object?> values = [];
                for (IList block = reader.Read(Block); block is { Count: > 0 }; block = reader.Read(Block))
                    values.AddRange(block.Cast<object?>());
                Emit(values);
            }
        }
    }

    private void Emit<T>(IEnumerable<T> values)
    {
        long left = TotalCount;
        foreach (T value in Tail >= 0 ? values.TakeLast(Tail) : values)
        {
            if (left-- <= 0)
                return;
            WriteObject(value);
        }
    }
}
