import { el, find, setText, short, time, whole } from "./dom.js";

// The innermost frame of somebody's own code says most; what the framework called inside of it says what it did.
const place = (stack) => {
  const lines = (stack ?? "").split("\n").map((line) => line.trim().replace(/^at /, ""));
  const line = lines.find((text) => !/^(System|Microsoft|Interop)\./.test(text)) ?? lines[0] ?? "";
  return line.replace(/ in .*[\\/]([^\\/]+):line (\d+)$/, " in $1:$2");
};

/** The table of what blocked, and the list of what blocks now. */
export class Blockers {
  #rows = new Map();
  #body = find("blockers").tBodies[0];
  #now = find("blocking");

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
    this.#drawNow(frame.blocking ?? []);
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

  #drawNow(blocking) {
    const texts = blocking.map((one) => `#${one.id} ${short(one.work)} holds ${one.hub} (${one.kind}${one.handedOff ? ", handed off" : ""}) for ${time(one.duration)}`);
    while (this.#now.children.length > texts.length) this.#now.lastElementChild.remove();
    texts.forEach((text, i) => setText(this.#now.children[i] ?? this.#now.appendChild(el("li")), text));
  }
}
