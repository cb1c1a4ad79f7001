using System.Linq;
using System.Text;
using Markdig;
using Markdig.Syntax;

public static class Use
{
    const string Text = "# Title *with* `code`\n\nA paragraph with **bold**, _italic_, ~~gone~~, [a link](http://x/?a=1&b \"title\") and <b>html</b>,\nand a hard  \nbreak, a footnote[^1] and :smile:.\n\n"
        + "> quoted\n> > twice\n\n1. one\n2. two\n   - inner\n   - [x] done\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```csharp\nvar x = 1 < 2;\n```\n\n***\n\nTerm\n:   its definition\n\n[^1]: the note\n\n![image](i.png){.class #id}\n\nhttp://auto.link/ and \\*escaped\\* &amp; &copy; H~2~O\n";

    public static string Go()
    {
        var text = new StringBuilder();
        foreach (var pipeline in new[] { new MarkdownPipelineBuilder().Build(), new MarkdownPipelineBuilder().UseAdvancedExtensions().UseEmojiAndSmiley().Build() })
        {
            text.AppendLine(Markdown.ToHtml(Text, pipeline)).AppendLine(Markdown.ToPlainText(Text, pipeline));
            foreach (var block in Markdown.Parse(Text, pipeline).Descendants())
                text.Append(block.GetType().Name).Append(' ').Append(block.Span).Append('\n');
        }

        return text.ToString();
    }
}
