using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace EmuPS.Shell.Management;

/// <summary>What Set-Content and Add-Content share.</summary>
public abstract class ContentWriterCommand : PathCommand
{
    private readonly List<StreamWriter> _files = [];
    private readonly List<Stream> _streams = [];
    private readonly List<IContentWriter> _providers = [];
    private bool _opened;

    /// <inheritdoc/>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipelineByPropertyName = true)]
    public override string[] Path { get; set; } = [];

    /// <summary>What to write: text, bytes with <see cref="AsByteStream"/>, or a provider's values.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    /// <summary>Bytes instead of text.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How text becomes bytes.</summary>
    [Parameter]
    public string Encoding { get; set; } = "utf8";

    /// <summary>Joins the values.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Overwrites a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the values.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether what the item holds stays.</summary>
    private protected abstract bool Append { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!_opened)
        {
            _opened = true;
            ForEachPath(OpenAll);
        }

        foreach (object? value in Value ?? [])
            Try(value, () => Write(value));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Close();

    /// <inheritdoc/>
    protected override void StopProcessing() => Close();

    private void OpenAll(string path)
    {
        IReadOnlyList<string> items;
        ProviderInfo provider;
        if (IsLiteral || !WildcardPattern.ContainsWildcardCharacters(path))
            items = [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)];
        else
            items = Resolve(path, out provider);
        foreach (string item in items)
        {
            if (!ShouldProcess("Path: " + item, Append ? "Add Content" : "Set Content"))
                continue;
            if (!IsFileSystem(provider))
                OpenProvider($"{provider.Name}::{item}");
            else if (AsByteStream)
                _streams.Add(new FileStream(item, Append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read));
            else
                _files.Add(TextFile.OpenWriter(item, Append, Force, TextFile.EncodingOf(Encoding)));
        }
    }

    private void OpenProvider(string path)
    {
        if (!Append)
            InvokeProvider.Content.Clear([path], force: true, literalPath: true);
        foreach (IContentWriter writer in InvokeProvider.Content.GetWriter([path], force: true, literalPath: true))
        {
            if (Append)
                writer.Seek(0, SeekOrigin.End);
            _providers.Add(writer);
        }
    }

    private void Write(object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        foreach (StreamWriter file in _files)
        {
            string text = LanguagePrimitives.ConvertTo<string>(bare);
            if (NoNewline)
                file.Write(text);
            else
                file.WriteLine(text);
        }

        foreach (Stream stream in _streams)
            stream.Write(bare is byte[] many ? many : [LanguagePrimitives.ConvertTo<byte>(bare)]);
        foreach (IContentWriter provider in _providers)
            provider.Write(new List<object?> { value });
        if (PassThru)
            WriteObject(value);
    }

    private void Close()
    {
        foreach (StreamWriter file in _files)
            file.Dispose();
        foreach (Stream stream in _streams)
            stream.Dispose();
        foreach (IContentWriter provider in _providers)
            provider.Close();
        _files.Clear();
        _streams.Clear();
        _providers.Clear();
    }
}
