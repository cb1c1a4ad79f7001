using System.Runtime.InteropServices;

namespace GreenletBridge;

/// <summary>The calling thread as the operating system numbers it.</summary>
internal static class OsThread
{
    /// <summary>Zero where it is not known.</summary>
    internal static int CurrentId => IsSupported ? (int)SystemCall(GetTid) : 0;

    private static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private static nint GetTid => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 186 : 178;

    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number);
}
