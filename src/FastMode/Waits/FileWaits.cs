using System.ComponentModel;
using System.Text;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the calls that read or write whole files.</summary>
/// <remarks>A kill cancels what reads. What writes is let go on to its end, as a file is not left half written by the plain call either.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FileWaits
{
    /// <summary>As <see cref="File.ReadAllText(string)"/>.</summary>
    [Replaces(typeof(File), nameof(File.ReadAllText))]
    public static string ReadAllText(string path, WovenStack stack) =>
        CallWaits.MayWait(stack) ? CallWaits.Await(File.ReadAllTextAsync(path, stack.BeginCall()), stack) : File.ReadAllText(path);

    /// <summary>As <see cref="File.ReadAllText(string, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.ReadAllText))]
    public static string ReadAllText(string path, Encoding encoding, WovenStack stack) =>
        CallWaits.MayWait(stack) ? CallWaits.Await(File.ReadAllTextAsync(path, encoding, stack.BeginCall()), stack) : File.ReadAllText(path, encoding);

    /// <summary>As <see cref="File.ReadAllLines(string)"/>.</summary>
    [Replaces(typeof(File), nameof(File.ReadAllLines))]
    public static string[] ReadAllLines(string path, WovenStack stack) =>
        CallWaits.MayWait(stack) ? CallWaits.Await(File.ReadAllLinesAsync(path, stack.BeginCall()), stack) : File.ReadAllLines(path);

    /// <summary>As <see cref="File.ReadAllLines(string, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.ReadAllLines))]
    public static string[] ReadAllLines(string path, Encoding encoding, WovenStack stack) =>
        CallWaits.MayWait(stack) ? CallWaits.Await(File.ReadAllLinesAsync(path, encoding, stack.BeginCall()), stack) : File.ReadAllLines(path, encoding);

    /// <summary>As <see cref="File.ReadAllBytes(string)"/>.</summary>
    [Replaces(typeof(File), nameof(File.ReadAllBytes))]
    public static byte[] ReadAllBytes(string path, WovenStack stack) =>
        CallWaits.MayWait(stack) ? CallWaits.Await(File.ReadAllBytesAsync(path, stack.BeginCall()), stack) : File.ReadAllBytes(path);

    /// <summary>As <see cref="File.WriteAllText(string, string)"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllText))]
    public static void WriteAllText(string path, string? contents, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.WriteAllTextAsync(path, contents, CancellationToken.None), stack);
        else
            File.WriteAllText(path, contents);
    }

    /// <summary>As <see cref="File.WriteAllText(string, string, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllText))]
    public static void WriteAllText(string path, string? contents, Encoding encoding, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.WriteAllTextAsync(path, contents, encoding, CancellationToken.None), stack);
        else
            File.WriteAllText(path, contents, encoding);
    }

    /// <summary>As <see cref="File.AppendAllText(string, string)"/>.</summary>
    [Replaces(typeof(File), nameof(File.AppendAllText))]
    public static void AppendAllText(string path, string? contents, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.AppendAllTextAsync(path, contents, CancellationToken.None), stack);
        else
            File.AppendAllText(path, contents);
    }

    /// <summary>As <see cref="File.AppendAllText(string, string, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.AppendAllText))]
    public static void AppendAllText(string path, string? contents, Encoding encoding, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.AppendAllTextAsync(path, contents, encoding, CancellationToken.None), stack);
        else
            File.AppendAllText(path, contents, encoding);
    }

    /// <summary>As <see cref="File.WriteAllBytes(string, byte[])"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllBytes))]
    public static void WriteAllBytes(string path, byte[] bytes, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.WriteAllBytesAsync(path, bytes, CancellationToken.None), stack);
        else
            File.WriteAllBytes(path, bytes);
    }

    /// <summary>As <see cref="File.AppendAllBytes(string, byte[])"/>.</summary>
    [Replaces(typeof(File), nameof(File.AppendAllBytes))]
    public static void AppendAllBytes(string path, byte[] bytes, WovenStack stack)
    {
        if (CallWaits.MayWait(stack))
            CallWaits.Await(File.AppendAllBytesAsync(path, bytes, CancellationToken.None), stack);
        else
            File.AppendAllBytes(path, bytes);
    }

    /// <summary>As <see cref="File.WriteAllLines(string, IEnumerable{string})"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllLines))]
    public static void WriteAllLines(string path, IEnumerable<string> contents, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.WriteAllLinesAsync(path, lines, CancellationToken.None), stack);
        else
            File.WriteAllLines(path, contents);
    }

    /// <summary>As <see cref="File.WriteAllLines(string, IEnumerable{string}, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllLines))]
    public static void WriteAllLines(string path, IEnumerable<string> contents, Encoding encoding, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.WriteAllLinesAsync(path, lines, encoding, CancellationToken.None), stack);
        else
            File.WriteAllLines(path, contents, encoding);
    }

    /// <summary>As <see cref="File.AppendAllLines(string, IEnumerable{string})"/>.</summary>
    [Replaces(typeof(File), nameof(File.AppendAllLines))]
    public static void AppendAllLines(string path, IEnumerable<string> contents, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.AppendAllLinesAsync(path, lines, CancellationToken.None), stack);
        else
            File.AppendAllLines(path, contents);
    }

    /// <summary>As <see cref="File.AppendAllLines(string, IEnumerable{string}, Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.AppendAllLines))]
    public static void AppendAllLines(string path, IEnumerable<string> contents, Encoding encoding, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.AppendAllLinesAsync(path, lines, encoding, CancellationToken.None), stack);
        else
            File.AppendAllLines(path, contents, encoding);
    }

    /// <summary>As <see cref="File.WriteAllLines(string, string[])"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllLines))]
    public static void WriteAllLines(string path, string[] contents, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.WriteAllLinesAsync(path, lines, CancellationToken.None), stack);
        else
            File.WriteAllLines(path, contents);
    }

    /// <summary>As <see cref="File.WriteAllLines(string, string[], Encoding)"/>.</summary>
    [Replaces(typeof(File), nameof(File.WriteAllLines))]
    public static void WriteAllLines(string path, string[] contents, Encoding encoding, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && Copy(contents) is { } lines)
            CallWaits.Await(File.WriteAllLinesAsync(path, lines, encoding, CancellationToken.None), stack);
        else
            File.WriteAllLines(path, contents, encoding);
    }

    /// <summary>The lines, as others run before they are written; null for what runs code of its own, which the async form would do on threads of the pool.</summary>
    private static string[]? Copy(IEnumerable<string> lines) =>
        lines is string[] || lines?.GetType() == typeof(List<string>) ? [.. lines] : null;
}
