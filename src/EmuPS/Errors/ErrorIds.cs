namespace EmuPS.Errors;

/// <summary>The ids of the errors that the cmdlets make themselves; those of the engine come with its exceptions.</summary>
internal static class ErrorIds
{
    public const string VMNotFound = nameof(VMNotFound);
    public const string VMAmbiguous = nameof(VMAmbiguous);
    public const string VMNameInUse = nameof(VMNameInUse);
    public const string VMNotRunning = nameof(VMNotRunning);
    public const string VMAlreadyRunning = nameof(VMAlreadyRunning);
    public const string VMStillRunning = nameof(VMStillRunning);
    public const string VMWaitTimeout = nameof(VMWaitTimeout);
    public const string VMEnded = nameof(VMEnded);
    public const string InvalidVMName = nameof(InvalidVMName);
    public const string DimmNotFound = nameof(DimmNotFound);
    public const string DimmAmbiguous = nameof(DimmAmbiguous);
    public const string DimmOfAnotherVM = nameof(DimmOfAnotherVM);
    public const string DimmNotOnline = nameof(DimmNotOnline);
    public const string BackendNotFound = nameof(BackendNotFound);
    public const string BackendOfAnotherVM = nameof(BackendOfAnotherVM);
    public const string SlotNotFound = nameof(SlotNotFound);
    public const string GuestRefusedPlug = nameof(GuestRefusedPlug);
    public const string GuestRefusedUnplug = nameof(GuestRefusedUnplug);
    public const string GuestAnswerTimeout = nameof(GuestAnswerTimeout);
    public const string GuestCommandFailed = nameof(GuestCommandFailed);
    public const string GuestCommandTimeout = nameof(GuestCommandTimeout);
    public const string GuestHasNoAgent = nameof(GuestHasNoAgent);
    public const string GuestIsNotSimulated = nameof(GuestIsNotSimulated);
    public const string GuestIsSimulated = nameof(GuestIsSimulated);
    public const string GuestImageNotFound = nameof(GuestImageNotFound);
    public const string GuestImageIsBuiltIn = nameof(GuestImageIsBuiltIn);
    public const string BootOptionsConflict = nameof(BootOptionsConflict);
    public const string SizeTooSmall = nameof(SizeTooSmall);
    public const string InvalidSize = nameof(InvalidSize);
    public const string InvalidArgument = nameof(InvalidArgument);
    public const string EventTimeout = nameof(EventTimeout);
    public const string ConsoleTimeout = nameof(ConsoleTimeout);
    public const string InvalidPath = nameof(InvalidPath);
    public const string InvalidPattern = nameof(InvalidPattern);
    public const string LogFileUnavailable = nameof(LogFileUnavailable);
    public const string FileUnavailable = nameof(FileUnavailable);
    public const string TerminalRequired = nameof(TerminalRequired);
    public const string QmpServerNotFound = nameof(QmpServerNotFound);
    public const string EngineFault = nameof(EngineFault);
}
