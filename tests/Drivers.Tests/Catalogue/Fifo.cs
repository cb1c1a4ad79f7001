using System.Diagnostics;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>A file that gives nothing until somebody writes into it: slow storage, without a slow disk.</summary>
internal sealed class Fifo : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fifo");

    public Fifo()
    {
        using var process = Process.Start("mkfifo", Path);
        Deadline.Wait(process.WaitForExitAsync(), "mkfifo");
        Assert.Equal(0, process.ExitCode);
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "fifo");

    public void Dispose() => _folder.Delete(recursive: true);
}
