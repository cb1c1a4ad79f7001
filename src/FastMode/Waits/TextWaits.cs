using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the blocking calls of readers and writers of text, where those are of the framework and their streams are known.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TextWaits
{
    /// <summary>As <see cref="TextReader.ReadLine"/>.</summary>
    [Replaces(typeof(TextReader), nameof(TextReader.ReadLine), MayLeadAnywhere = true)]
    public static string? ReadLine(TextReader reader, WovenStack stack) =>
        Waits(reader, stack) ? CallWaits.Await(SocketErrors.AsPlain(reader.ReadLineAsync(stack.BeginCall()).AsTask()), stack) : reader.ReadLine();

    /// <summary>As <see cref="TextReader.ReadToEnd"/>.</summary>
    [Replaces(typeof(TextReader), nameof(TextReader.ReadToEnd), MayLeadAnywhere = true)]
    public static string ReadToEnd(TextReader reader, WovenStack stack) =>
        Waits(reader, stack) ? CallWaits.Await(SocketErrors.AsPlain(reader.ReadToEndAsync(stack.BeginCall())), stack) : reader.ReadToEnd();

    /// <summary>As <see cref="TextReader.Read(char[], int, int)"/>.</summary>
    [Replaces(typeof(TextReader), nameof(TextReader.Read), MayLeadAnywhere = true)]
    public static int Read(TextReader reader, char[] buffer, int index, int count, WovenStack stack) =>
        AreInside(buffer, index, count) && Waits(reader, stack)
            ? CallWaits.Await(SocketErrors.AsPlain(reader.ReadAsync(buffer.AsMemory(index, count), stack.BeginCall()).AsTask()), stack)
            : reader.Read(buffer, index, count);

    /// <summary>As <see cref="TextReader.ReadBlock(char[], int, int)"/>.</summary>
    [Replaces(typeof(TextReader), nameof(TextReader.ReadBlock), MayLeadAnywhere = true)]
    public static int ReadBlock(TextReader reader, char[] buffer, int index, int count, WovenStack stack) =>
        AreInside(buffer, index, count) && Waits(reader, stack)
            ? CallWaits.Await(SocketErrors.AsPlain(reader.ReadBlockAsync(buffer.AsMemory(index, count), stack.BeginCall()).AsTask()), stack)
            : reader.ReadBlock(buffer, index, count);

    /// <summary>As <see cref="TextWriter.Write(string)"/>.</summary>
    [Replaces(typeof(TextWriter), nameof(TextWriter.Write), MayLeadAnywhere = true)]
    public static void Write(TextWriter writer, string? value, WovenStack stack)
    {
        if (Waits(writer, stack) is { } stream)
            CallWaits.Await(SocketErrors.AsPlain(writer.WriteAsync(value.AsMemory(), StreamWaits.TokenFor(stream, stack))), stack);
        else
            writer.Write(value);
    }

    /// <summary>As <see cref="TextWriter.WriteLine(string)"/>.</summary>
    [Replaces(typeof(TextWriter), nameof(TextWriter.WriteLine), MayLeadAnywhere = true)]
    public static void WriteLine(TextWriter writer, string? value, WovenStack stack)
    {
        if (Waits(writer, stack) is { } stream)
            CallWaits.Await(SocketErrors.AsPlain(writer.WriteLineAsync(value.AsMemory(), StreamWaits.TokenFor(stream, stack))), stack);
        else
            writer.WriteLine(value);
    }

    /// <summary>As <see cref="TextWriter.Flush"/>.</summary>
    [Replaces(typeof(TextWriter), nameof(TextWriter.Flush), MayLeadAnywhere = true)]
    public static void Flush(TextWriter writer, WovenStack stack)
    {
        if (Waits(writer, stack) is { } stream)
            CallWaits.Await(SocketErrors.AsPlain(writer.FlushAsync(StreamWaits.TokenFor(stream, stack))), stack);
        else
            writer.Flush();
    }

    // What is wrong throws in the plain call, as it should
    private static bool AreInside(char[] buffer, int index, int count) => buffer is not null && index >= 0 && count >= 0 && count <= buffer.Length - index;

    private static bool Waits(TextReader reader, WovenStack stack) =>
        reader?.GetType() == typeof(StreamReader) && CallWaits.MayWait(stack) && StreamForm.Reads(((StreamReader)reader).BaseStream);

    private static Stream? Waits(TextWriter writer, WovenStack stack) =>
        writer?.GetType() == typeof(StreamWriter) && CallWaits.MayWait(stack) && IsOpen((StreamWriter)writer) && ((StreamWriter)writer).BaseStream is { } stream && StreamForm.Writes(stream) ? stream : null;

    // One that was disposed takes what is written plainly and throws only when it is to be flushed; in the async form at once
    private static bool IsOpen(StreamWriter writer)
    {
        try
        {
            return !IsDisposed(writer);
        }
        catch (MissingFieldException)
        {
            // Another runtime than those that were looked at
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_disposed")]
    private static extern ref bool IsDisposed(StreamWriter writer);
}
