using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace EmuPS.Shell.Utility;

/// <summary>Comma separated values: records of fields, quoted where they must be.</summary>
internal static class Csv
{
    /// <summary>Reads objects; the first record names the properties.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="header">Names to use instead of the first record.</param>
    /// <returns>An object per record.</returns>
    public static IEnumerable<PSObject> Read(TextReader text, char delimiter, string[]? header)
    {
        foreach (List<string> fields in Records(text, delimiter))
        {
            if (header is null)
            {
                header = [.. fields.Select((name, index) => name.Length > 0 ? name : $"H{index + 1}")];
                continue;
            }

            PSObject row = new();
            for (int i = 0; i < header.Length; i++)
                row.Properties.Add(new PSNoteProperty(header[i], i < fields.Count ? fields[i] : null));
            yield return row;
        }
    }

    /// <summary>Writes one record, every field quoted as pwsh does.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="delimiter">What stands between them.</param>
    /// <returns>The line.</returns>
    public static string Record(IEnumerable<string?> fields, char delimiter) => string.Join(
        delimiter, fields.Select(field => field is null ? "" : "\"" + field.Replace("\"", "\"\"", System.StringComparison.Ordinal) + "\""));

    private static IEnumerable<List<string>> Records(TextReader text, char delimiter)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        bool wasQuoted = false;
        for (int c = text.Read(); c >= 0; c = text.Read())
        {
            char ch = (char)c;
            if (quoted)
            {
                if (ch != '"')
                    field.Append(ch);
                else if (text.Peek() == '"')
                    field.Append((char)text.Read());
                else
                    quoted = false;
            }
            else if (ch == '"' && field.Length == 0)
            {
                quoted = wasQuoted = true;
            }
            else if (ch == delimiter)
            {
                EndField();
            }
            else if (ch is '\n' or '\r')
            {
                if (ch == '\r' && text.Peek() == '\n')
                    text.Read();
                if (EndRecord() is { } record)
                    yield return record;
            }
            else
            {
                field.Append(ch);
            }
        }

        if (EndRecord() is { } last)
            yield return last;

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }

        // An empty line is no record.
        List<string>? EndRecord()
        {
            if (fields.Count == 0 && field.Length == 0 && !wasQuoted)
                return null;
            EndField();
            List<string> record = fields;
            fields = [];
            return record;
        }
    }
}
