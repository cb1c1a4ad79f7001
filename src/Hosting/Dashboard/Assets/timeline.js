import { find, setAttribute, setText, short, time, whole } from "./dom.js";

const span = 10_000;
const laneHeight = 22;
const mostLanes = 24;
const labelWidth = 190;

/** Who ran when on one hub: a lane a greenlet, a bar a segment. Recorded only while it is on. */
export class Timeline {
  #canvas = find("timeline");
  #note = find("timeline-note");
  #toggle = find("timeline-toggle");
  #source = null;
  #segments = [];
  #names = new Map();
  #dropped = 0;
  #end = 0;
  #root;

  constructor(root) {
    this.#root = root;
    this.#toggle.addEventListener("click", () => (this.#source ? this.#stop() : this.#start()));
    find("timeline-hub").addEventListener("input", () => { if (this.#source) this.#start(); });
    new ResizeObserver(() => this.#draw()).observe(this.#canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  #start() {
    this.#source?.close();
    this.#segments = [];
    this.#dropped = 0;
    const hub = find("timeline-hub").value;
    this.#source = new EventSource(`${this.#root}/timeline?hub=${encodeURIComponent(hub)}`);
    this.#source.addEventListener("segments", (event) => this.#take(JSON.parse(event.data)));
    setAttribute(this.#toggle, "aria-pressed", "true");
    setText(this.#toggle, "Stop");
    setText(this.#note, `Recording ${hub}.`);
    this.#note.hidden = false;
  }

  #stop() {
    this.#source.close();
    this.#source = null;
    setAttribute(this.#toggle, "aria-pressed", "false");
    setText(this.#toggle, "Record");
  }

  #take(batch) {
    this.#end = batch.time;
    this.#dropped += batch.dropped ?? 0;
    for (const [id, name] of Object.entries(batch.names ?? {})) this.#names.set(Number(id), name);
    for (const [id, before, length, detached] of batch.segments ?? []) this.#segments.push({ id, from: batch.time - before, length, detached });
    this.#segments = this.#segments.filter((segment) => segment.from + segment.length > batch.time - span);
    const alive = new Set(this.#segments.map((segment) => segment.id));
    for (const id of this.#names.keys()) if (!alive.has(id)) this.#names.delete(id);
    this.#draw();
  }

  #draw() {
    if (this.#end === 0) return;
    const lanes = new Map();
    for (const segment of this.#segments.toSorted((a, b) => b.from - a.from)) {
      if (!lanes.has(segment.id) && lanes.size < mostLanes) lanes.set(segment.id, lanes.size);
    }
    const width = this.#canvas.parentElement.clientWidth;
    const height = lanes.size === 0 ? 0 : lanes.size * laneHeight + 28;
    const ratio = devicePixelRatio || 1;
    this.#canvas.style.height = `${height}px`;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name);
    this.#drawLanes(context, lanes, width, height, colour);
    this.#tell(lanes);
  }

  #drawLanes(context, lanes, width, height, colour) {
    const x = (at) => labelWidth + ((at - (this.#end - span)) / span) * (width - labelWidth - 8);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";
    for (let second = 0; second <= span / 1000; second++) {
      const at = x(this.#end - second * 1000);
      context.fillStyle = colour("--line");
      context.fillRect(at, 0, 1, height - 22);
      context.fillStyle = colour("--quiet");
      context.textAlign = second === 0 ? "right" : "center";
      context.fillText(second === 0 ? "now" : `−${second} s`, at, height - 10);
    }
    context.textAlign = "left";
    for (const [id, lane] of lanes) {
      context.fillStyle = colour("--quiet");
      const name = this.#names.get(id);
      const label = name ? `#${id} ${short(name)}` : `#${id}`;
      context.fillText(label.length > 27 ? `${label.slice(0, 26)}…` : label, 12, lane * laneHeight + laneHeight / 2 + 3, labelWidth - 20);
    }
    for (const segment of this.#segments) {
      const lane = lanes.get(segment.id);
      if (lane === undefined) continue;
      const from = Math.max(labelWidth, x(segment.from));
      context.fillStyle = segment.detached ? colour("--blue") : colour("--green");
      context.fillRect(from, lane * laneHeight + 7, Math.max(2, x(segment.from + segment.length) - from), laneHeight - 8);
    }
  }

  #tell(lanes) {
    const busy = this.#segments.reduce((sum, segment) => sum + segment.length, 0);
    const longest = this.#segments.reduce((most, segment) => (segment.length > most.length ? segment : most), { length: 0, id: 0 });
    const words = this.#segments.length === 0
      ? `Recording ${find("timeline-hub").value}: no segment has ended in the last ten seconds.`
      : `${whole(this.#segments.length)} segments of ${whole(new Set(this.#segments.map((s) => s.id)).size)} greenlets in the last ten seconds, ${time(busy)} in all, the longest ${time(longest.length)} (#${longest.id}). `
        + "Green: held the hub; blue: beside others."
        + (this.#dropped > 0 ? ` ${whole(this.#dropped)} more were too many to record.` : "");
    setText(this.#note, words);
    setAttribute(this.#canvas, "aria-label", `Timeline of segments. ${words}`);
    setAttribute(this.#canvas, "data-lanes", `${lanes.size}`);
  }
}
