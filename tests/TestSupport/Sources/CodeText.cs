using System.Text;

namespace GreenletBridge.TestSupport;

/// <summary>Blanks out comments, text literals and preprocessor lines, and keeps the lines and the code in interpolation holes.</summary>
internal ref struct CodeText
{
    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _code;
    private int _at;

    private CodeText(string text)
    {
        _text = text;
        _code = new StringBuilder(text.Length);
    }

    public static string Strip(string text)
    {
        var reader = new CodeText(text);
        reader.ReadCode(holeBraces: 0);
        return reader._code.ToString();
    }

    /// <summary>Reads code to the end of the text or, in a hole that <paramref name="holeBraces"/> braces opened, to its end.</summary>
    private void ReadCode(int holeBraces)
    {
        var depth = 0;
        var lineStart = true;
        while (_at < _text.Length)
        {
            var current = _text[_at];
            if (holeBraces > 0 && depth == 0 && current is '}' or ':')
            {
                return;
            }

            if (current == '/' && Next(1) is '/' || (current == '#' && lineStart && holeBraces == 0))
            {
                SkipTo("\n");
            }
            else if (current == '/' && Next(1) == '*')
            {
                SkipTo("*/");
                _at = Math.Min(_at + 2, _text.Length);
                _code.Append(' ');
            }
            else if (!TryReadLiteral())
            {
                depth += current switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
                lineStart = current == '\n' || (lineStart && char.IsWhiteSpace(current));
                Copy();
            }
        }
    }

    private bool TryReadLiteral()
    {
        if (_text[_at] == '\'')
        {
            _at += Next(1) == '\\' ? 3 : 2;
            SkipTo("'");
            _at++;
            _code.Append(" 0 ");
            return true;
        }

        var dollars = 0;
        var verbatim = false;
        var start = _at;
        while (start < _text.Length && _text[start] is '$' or '@')
        {
            dollars += _text[start] == '$' ? 1 : 0;
            verbatim |= _text[start] == '@';
            start++;
        }

        if (start >= _text.Length || _text[start] != '"')
        {
            return false;
        }

        var quotes = 0;
        while (start + quotes < _text.Length && _text[start + quotes] == '"')
        {
            quotes++;
        }

        _code.Append(" 0 ");
        if (quotes >= 3 && !verbatim)
        {
            _at = start + quotes;
            ReadText(new string('"', quotes), dollars, escapes: false, verbatim: false);
        }
        else
        {
            _at = start + 1;
            ReadText("\"", dollars, escapes: !verbatim, verbatim);
        }

        return true;
    }

    private void ReadText(string end, int dollars, bool escapes, bool verbatim)
    {
        while (_at < _text.Length)
        {
            if (escapes && _text[_at] == '\\')
            {
                _at += 2;
            }
            else if (verbatim && _text[_at] == '"' && Next(1) == '"')
            {
                _at += 2;
            }
            else if (_text[_at..].StartsWith(end, StringComparison.Ordinal))
            {
                _at += end.Length;
                return;
            }
            else if (dollars > 0 && _text[_at] == '{')
            {
                ReadHole(dollars, doubled: end.Length == 1);
            }
            else
            {
                KeepLine();
                _at++;
            }
        }
    }

    private void ReadHole(int dollars, bool doubled)
    {
        var braces = 0;
        while (Next(braces) == '{')
        {
            braces++;
        }

        if (doubled && braces % 2 == 0 || braces < dollars)
        {
            _at += braces;
            return;
        }

        _at += braces;
        ReadCode(dollars);
        SkipTo("}");
        _at = Math.Min(_at + dollars, _text.Length);
        _code.Append(" 0 ");
    }

    private readonly char Next(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private void SkipTo(string end)
    {
        while (_at < _text.Length && !_text[_at..].StartsWith(end, StringComparison.Ordinal))
        {
            KeepLine();
            _at++;
        }
    }

    private readonly void KeepLine()
    {
        if (_text[_at] == '\n')
        {
            _code.Append('\n');
        }
    }

    private void Copy() => _code.Append(_text[_at++]);
}
