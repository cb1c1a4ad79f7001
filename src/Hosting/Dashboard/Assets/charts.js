import { el, svg, setText, setAttribute } from "./dom.js";

const points = 300;
const least = 60;
const height = 40;

/** A small chart of the last five minutes: a value in words, a line, and a label for screen readers. */
export class Chart {
  #values = [];
  #value = el("span", { class: "value" });
  #peak = el("span");
  #area = svg("path", { class: "area" });
  #line = svg("path", { class: "line" });
  #drawing = svg("svg", { preserveAspectRatio: "none", role: "img" });
  #title;
  #floor;
  #format;

  /** @param floor the least value that the chart's height stands for */
  constructor(kind, title, floor, format) {
    this.#title = title;
    this.#floor = floor;
    this.#format = format;
    this.#drawing.append(this.#area, this.#line);
    this.element = el("div", { class: `chart ${kind}` }, el("div", { class: "label" }, title, this.#peak), this.#value, this.#drawing);
  }

  push(value) {
    this.#values.push(value);
    if (this.#values.length > points) this.#values.shift();
  }

  draw() {
    const values = this.#values;
    if (values.length === 0) return;
    const most = Math.max(...values);
    const top = Math.max(this.#floor, most * 1.1);
    // A minute is shown from the start; up to five as they pass
    const width = Math.max(least, values.length);
    const start = width - values.length;
    setAttribute(this.#drawing, "viewBox", `0 0 ${width - 1} ${height}`);
    const line = values.map((value, i) => `${start + i},${(height - (value / top) * (height - 2)).toFixed(1)}`).join("L");
    setAttribute(this.#line, "d", `M${line}`);
    setAttribute(this.#area, "d", `M${start},${height}L${line}L${width - 1},${height}Z`);
    const now = this.#format(values[values.length - 1]);
    setText(this.#value, now);
    setText(this.#peak, `peak ${this.#format(most)}`);
    setAttribute(this.#drawing, "aria-label", `${this.#title}: now ${now}, at most ${this.#format(most)} in the last ${Math.round(values.length)} s`);
  }
}
