using GreenletBridge.Core.Stress.Soak;

namespace GreenletBridge.Core.Stress;

/// <summary>The tests; and, called with a word of its own, what takes long or needs a process to itself.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["soak", .. var rest]:
                return SoakCommand.Run(rest, Console.Out);
            case [FewThreads.Command, ..]:
                return FewThreads.Run(Console.Out);
        }

        return args.Any(static arg => arg is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }
}
