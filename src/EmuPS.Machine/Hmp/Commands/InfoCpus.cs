using System.Globalization;
using System.Text;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the processors.</summary>
internal sealed class InfoCpus : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "cpus";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show infos for each CPU";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        StringBuilder text = new();
        for (int i = 0; i < machine.ProcessorThreads.Count; i++)
        {
            // The monitor's default processor is the first.
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? '*' : ' ')} CPU #{i}: thread_id={machine.ProcessorThreads[i]}\n");
        }

        return text.ToString();
    }
}
