using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using EmuPS.Errors;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.QemuOptions;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Turns what <c>Start-EmuVM</c> was told about memory into the engine's words.</summary>
internal static class StartRecipe
{
    /// <summary>Reads <c>-Memory</c>: a size, or QEMU's <c>1G,slots=3,maxmem=4G</c>; a number without a unit is bytes.</summary>
    /// <param name="text">The text; null for what QEMU's options say, else the default.</param>
    /// <param name="slots"><c>-Slots</c>, which wins.</param>
    /// <param name="maxMemory"><c>-MaxMemory</c>, which wins.</param>
    /// <param name="fromQemu">What QEMU's options say.</param>
    public static MemoryConfiguration Memory(string? text, int? slots, long? maxMemory, MemoryConfiguration? fromQemu)
    {
        MemoryConfiguration memory = text is null ? fromQemu ?? new MemoryConfiguration() : Read(text);
        if (slots is { } count)
            memory = memory with { Slots = (ulong)count };
        return maxMemory is { } bytes ? memory with { MaxSizeBytes = (ulong)bytes } : memory;
    }

    private static MemoryConfiguration Read(string text)
    {
        try
        {
            return MemoryConfiguration.ParseBytes(string.Join(',', text.Split(',').Select(InBytes)));
        }
        catch (Machine.EngineException error)
        {
            // QEMU's words do not say where they come from, as they do for an option of its command line.
            throw new EmuException(error.ErrorId, $"-Memory {text}: {error.Message}", error.Remedy, error, EmuError.Category(error.Category));
        }
    }

    /// <summary>Reads <c>-Dimm</c>: each DIMM with its backend.</summary>
    /// <param name="specs">What was written.</param>
    /// <param name="filePath">Makes a path of the file system of what a backend's path says.</param>
    public static (List<MemoryBackendOptions> Backends, List<PcDimmOptions> Dimms) Dimms(IEnumerable<EmuDimmSpec> specs, Func<string, string> filePath)
    {
        List<MemoryBackendOptions> backends = [];
        List<PcDimmOptions> dimms = [];
        int unnamed = 0;
        foreach (EmuDimmSpec spec in specs)
        {
            if (spec.Text is { } text)
            {
                if (text.Split(' ').FirstOrDefault(word => word is ['-', ..] and not ("-object" or "-device" or "--object" or "--device")) is { } option)
                {
                    throw new EmuException(
                        ErrorIds.InvalidArgument, $"-Dimm {text}: '{option}' describes no DIMM.", "Write -object and -device there; -QemuArgument takes the other options.",
                        category: ErrorCategory.InvalidArgument);
                }

                QemuCommandLine parsed = QemuCommandLine.Parse(text.StartsWith('-') ? [text] : ["-device", text]);
                if (parsed.Panic is not null)
                {
                    throw new EmuException(
                        EmuPS.Machine.ErrorIds.InvalidParameter, $"'{text}' is no DIMM.", "Give it with -QemuArgument, or use -OnPanic.", category: System.Management.Automation.ErrorCategory.InvalidArgument);
                }

                backends.AddRange(parsed.Backends);
                dimms.AddRange(parsed.Dimms);
                continue;
            }

            string id = spec.Id ?? $"dimm{unnamed++}";
            EmuMemoryBackendSpec backend = spec.Backend ?? new EmuMemoryBackendSpec { Size = spec.Size };
            string backendId;
            if (backend.Text is { } described && described.Contains(','))
            {
                MemoryBackendOptions parsed = QemuCommandLine.Parse("-object", described).Backends[0];
                backendId = parsed.Id!;
                backends.Add(parsed);
            }
            else if (backend.Text is { } existing)
            {
                backendId = existing;
            }
            else
            {
                if (backend.Size.Bytes == 0)
                {
                    throw new EmuException(
                        ErrorIds.InvalidSize, $"DIMM '{id}' has no size.", "Give it a Size, or a Backend with one.", category: ErrorCategory.InvalidArgument);
                }

                Sizes.Require(backend.Size.Bytes, $"Dimm {id}: Size");

                backendId = backend.Id ?? "mem-" + id;
                backends.Add(Backend(backend, backendId, filePath));
            }

            dimms.Add(new PcDimmOptions { Id = id, BackendId = backendId, Slot = spec.Slot, Address = spec.Address, Node = spec.Node });
        }

        return (backends, dimms);
    }

    private static MemoryBackendOptions Backend(EmuMemoryBackendSpec spec, string id, Func<string, string> filePath) => new()
    {
        Id = id,
        Kind = spec.Kind switch
        {
            EmuMemoryBackendKind.Memfd => MemoryBackendKind.Memfd,
            EmuMemoryBackendKind.Ram when spec.Path is null => MemoryBackendKind.Ram,
            _ => MemoryBackendKind.File,
        },
        SizeBytes = (ulong)spec.Size.Bytes,
        Path = spec.Path is null ? null : filePath(spec.Path),
        Share = spec.Share,
        Preallocate = spec.Preallocate ? true : null,
        ReadOnly = spec.ReadOnly,
        Align = (ulong)spec.Align.Bytes,
    };

    // What is no size in PowerShell's spelling goes on as it is: the engine says so in QEMU's words.
    private static string InBytes(string part)
    {
        int value = part.IndexOf('=') + 1;
        if (part.StartsWith("slots", StringComparison.Ordinal) || !EmuByteSize.TryParse(part[value..], out long bytes))
            return part;
        // Before the engine rounds it up: the message names what was typed.
        if (value == 0 || part.StartsWith("size=", StringComparison.Ordinal))
            Sizes.Require(bytes, "Memory", part[value..]);
        return part[..value] + bytes.ToString(CultureInfo.InvariantCulture) + "b";
    }
}
