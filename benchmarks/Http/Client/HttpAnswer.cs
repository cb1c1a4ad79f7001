using System.Buffers.Text;
using System.Text;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Reads just enough of an HTTP/1.1 answer to know its status and where it ends.</summary>
internal static class HttpAnswer
{
    private static ReadOnlySpan<byte> HeaderEnd => "\r\n\r\n"u8;

    /// <summary>Looks whether the bytes received so far are a whole answer.</summary>
    /// <param name="bytes">From the answer's first byte on.</param>
    /// <param name="status">The status if whole; 0 if the bytes are no answer.</param>
    /// <param name="body">The body as sent, chunk marks included.</param>
    /// <returns>False if more bytes must come.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> bytes, out int status, out ReadOnlySpan<byte> body)
    {
        status = 0;
        body = default;
        var end = bytes.IndexOf(HeaderEnd);
        if (end < 0)
        {
            return false;
        }

        var head = bytes[..(end + 2)];
        body = bytes[(end + HeaderEnd.Length)..];
        var length = LengthOf(head);
        if (length < 0 ? !body.EndsWith("0\r\n\r\n"u8) : body.Length < length)
        {
            return false;
        }

        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..12], out status, out _))
        {
            status = 0;
        }

        return true;
    }

    /// <summary>A whole answer's body as text, without chunk marks.</summary>
    public static string ReadBody(ReadOnlySpan<byte> bytes)
    {
        if (!IsWhole(bytes, out _, out var body))
        {
            return "";
        }

        if (LengthOf(bytes[..bytes.IndexOf(HeaderEnd)]) >= 0)
        {
            return Encoding.UTF8.GetString(body);
        }

        var text = new StringBuilder();
        while (Utf8Parser.TryParse(body, out int length, out _, 'x') && length > 0)
        {
            body = body[(body.IndexOf("\r\n"u8) + 2)..];
            text.Append(Encoding.UTF8.GetString(body[..length]));
            body = body[(length + 2)..];
        }

        return text.ToString();
    }

    /// <summary>The stated length, or -1 for a chunked body.</summary>
    private static long LengthOf(ReadOnlySpan<byte> head)
    {
        const string Name = "Content-Length: ";
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + Name.Length)..], out long length, out _) ? length : head.IndexOf("chunked"u8) >= 0 ? -1 : 0;
    }
}
