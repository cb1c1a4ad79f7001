using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Names may come from requests: in a report they stay one line, and of a bounded length.</summary>
public sealed class LineTextTests
{
    private const int Longest = 500;

    [Theory]
    [InlineData("")]
    [InlineData("GET /orders/{id}")]
    [InlineData("bücher 本 😀")]
    public void Of_PlainText_IsTheTextItself(string text) => Assert.Same(text, LineText.Of(text));

    [Theory]
    [InlineData("a\nb", @"a\u000Ab")]
    [InlineData("a\r\n[ERR] b", @"a\u000D\u000A[ERR] b")]
    [InlineData("\u001b[31mred", @"\u001B[31mred")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("user\u202etxt.exe", @"user\u202Etxt.exe")]
    public void Of_WhatCouldEndOrTurnTheLine_IsWrittenAsItsNumber(string text, string line) => Assert.Equal(line, LineText.Of(text));

    [Fact]
    public void Of_AsLongAsMayBe_IsNotCut()
    {
        var text = new string('x', Longest);

        Assert.Same(text, LineText.Of(text));
        Assert.Equal(@"\u000A" + text[1..], LineText.Of("\n" + text[1..]));
    }

    [Fact]
    public void Of_LongerThanThat_IsCutWithDots() => Assert.Equal(new string('x', Longest) + "...", LineText.Of(new string('x', Longest + 1)));

    [Fact]
    public void OfObject_OneThatThrows_IsNamedWithWhatItThrew() => Assert.Equal("(Thrower.ToString threw FormatException)", LineText.OfObject(new Thrower()));

    [Fact]
    public void OfObject_Values_AreWrittenInTheInvariantCulture() => Assert.Equal("1.5", LineText.OfObject(1.5));

    private sealed class Thrower
    {
        public override string ToString() => throw new FormatException();
    }
}
