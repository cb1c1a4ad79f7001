namespace WebApi.EndToEnd.Dashboard;

/// <summary>Script that lists visible texts whose contrast is under what WCAG 2 asks for (4.5 to 1).</summary>
internal static class Contrast
{
    public const string TooLow = """
        () => {
          const rgb = text => (text.match(/[\d.]+/g) ?? []).map(Number);
          const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
          const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
          const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c; } return [255, 255, 255]; };
          const bad = new Set();
          for (const e of document.querySelectorAll("body *")) {
            if (!e.checkVisibility() || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            if (e.closest(".skip, svg, option")) continue;
            const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}: ${e.textContent.trim().slice(0, 40)}`);
          }
          return [...bad];
        }
        """;
}
