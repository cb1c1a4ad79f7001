import { el, find, setText, short, time, whole } from "./dom.js";

// The innermost frame of somebody's own code says most; what the framework called inside of it says what it did.
const place = (stack) => {
  const lines = (stack ?? "").split("\n").map((line) => line.trim().replace(/^at /, ""));
  const line = lines.find((text) => !/^(System|Microsoft|Interop)\./.test(text)) ?? lines[0] ?? "";
  return line.replace(/ in .*[\\/]([^\\/]+):line (\d+)$/, " in $1:$2");
};

/** What several hubs have learned of one kind of work, together. */
function learned(known) {
  const works = new Map();
  for (const one of known) {
    const sum = works.get(one.work) ?? { hubs: [], knownFor: 0, detections: 0 };
    works.set(one.work, sum);
    sum.hubs.push(one.hub);
    sum.knownFor = Math.max(sum.knownFor, one.knownFor ?? 0);
    sum.detections = Math.max(sum.detections, one.detections ?? 0);
  }
  return [...works].map(([work, sum]) => `${short(work)}, found ${whole(sum.detections)} times, known for ${time(sum.knownFor)} on ${sum.hubs.join(", ")}`);
}

/** As many items as texts. */
function list(element, texts) {
  while (element.children.length > texts.length) element.lastElementChild.remove();
  texts.forEach((text, i) => setText(element.children[i] ?? element.appendChild(el("li")), text));
}

/** The table of what blocked, and the lists of what blocks now and of what is known to. */
export class Blockers {
  #rows = new Map();
  #body = find("blockers").tBodies[0];
  #now = find("blocking");
  #known = find("known");

  draw(frame, clock) {
    const seen = new Set();
    for (const blocker of frame.blockers ?? []) {
      const key = `${blocker.work}\n${blocker.place ?? ""}`;
      seen.add(key);
      this.#update(this.#rows.get(key) ?? this.#add(key, blocker), blocker, clock);
    }
    for (const [key, row] of this.#rows) {
      if (seen.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    find("no-blockers").hidden = seen.size > 0;
    find("blockers").hidden = seen.size === 0;
    list(this.#now, (frame.blocking ?? []).map((one) => `#${one.id} ${short(one.work)} holds ${one.hub} (${one.kind}${one.handedOff ? ", handed off" : ""}) for ${time(one.duration)}`));
    const known = learned(frame.known ?? []);
    this.#known.hidden = known.length === 0;
    list(this.#known.querySelector("ul"), known);
  }

  #add(key, blocker) {
    const cells = Object.fromEntries(["work", "hub", "kind", "count", "total", "longest", "last"].map((name) => [name, el("td", { class: /count|total|longest|last/.test(name) ? "number" : "" })]));
    const where = place(blocker.place) || "(returned before its stack could be taken)";
    const first = blocker.place ? el("details", {}, el("summary", {}, where), el("pre", {}, blocker.place)) : where;
    const element = el("tr", {}, el("td", {}, first), ...Object.values(cells));
    this.#body.append(element);
    const row = { element, cells };
    this.#rows.set(key, row);
    return row;
  }

  #update({ cells }, blocker, clock) {
    setText(cells.work, short(blocker.work));
    setText(cells.hub, blocker.hub);
    setText(cells.kind, blocker.handedOff ? `${blocker.kind}, handed off` : blocker.kind);
    setText(cells.count, whole(blocker.count));
    setText(cells.total, time(blocker.total));
    setText(cells.longest, time(blocker.longest));
    setText(cells.last, `${time(Math.max(0, clock - blocker.last))} ago`);
  }
}
