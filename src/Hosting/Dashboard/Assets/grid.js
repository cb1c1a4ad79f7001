import { el, find, setAttribute, setText, short, time, whole } from "./dom.js";

const rowHeight = 34;
const overscan = 6;
const columns = [
  { key: "id", title: "Number", value: (row) => row.id, text: (row) => `#${row.id}`, css: "id" },
  { key: "name", title: "Name", value: (row) => row.label, text: (row) => row.label, css: "name" },
  { key: "state", title: "State", value: (row) => row.shown, text: (row) => row.shown, css: "state-cell" },
  { key: "body", title: "Body", value: (row) => row.body, text: (row) => row.body, css: "kind" },
  { key: "age", title: "Age", value: (row) => -row.begun, text: (row, now) => time(Math.max(0, now - row.begun)), css: "time" },
  { key: "reason", title: "Waits for", value: (row) => row.reason ?? "", text: (row) => row.reason ?? "", css: "reason" },
  { key: "since", title: "Since", value: (row) => -(row.since ?? Infinity), text: (row, now) => (row.since ? time(Math.max(0, now - row.since)) : ""), css: "time" },
  { key: "hub", title: "Hub", value: (row) => row.hub, text: (row) => row.hub, css: "hub" },
];

/** The greenlets: any number of them, of which only the rows in sight are in the document. */
export class Grid {
  #rows = new Map();
  #shown = [];
  #pool = [];
  #sort = { key: "age", down: true };
  #chosen = null;
  #isTree = false;
  #stale = true;
  #root = find("grid");
  #head = this.#root.querySelector(".head");
  #body = this.#root.querySelector(".body");
  #onOpen;

  constructor(onOpen) {
    this.#onOpen = onOpen;
    for (const column of columns) {
      const button = el("button", { type: "button", tabindex: "-1", onclick: () => this.#sortBy(column.key) }, column.title);
      this.#head.append(el("div", { role: "columnheader", "data-key": column.key, "aria-sort": "none" }, button));
    }
    this.#root.addEventListener("scroll", () => this.draw(), { passive: true });
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    for (const id of ["find", "state", "hub", "tree"]) find(id).addEventListener("input", () => this.#refresh());
    find("filters").addEventListener("submit", (event) => event.preventDefault());
    new ResizeObserver(() => this.draw()).observe(this.#root);
    this.#markSort();
  }

  apply({ reset, changed = [], gone = [] }) {
    if (reset) this.#rows.clear();
    for (const row of changed) {
      row.label = short(row.name ?? row.endpoint ?? row.code ?? "–");
      row.shown = row.killed ? "Kill pending" : row.state;
      row.search = `#${row.id} ${row.label} ${row.endpoint ?? ""} ${row.code ?? ""} ${row.reason ?? ""}`.toLowerCase();
      this.#rows.set(row.id, row);
    }
    for (const id of gone) this.#rows.delete(id);
    this.#stale = true;
  }

  get(id) {
    return this.#rows.get(id);
  }

  get size() {
    return this.#rows.size;
  }

  /** Draws what is in sight; sorts and filters only after something has changed. */
  draw(now = this.now) {
    this.now = now;
    if (this.#stale) this.#select();
    const first = Math.max(0, Math.floor(this.#root.scrollTop / rowHeight) - overscan);
    const last = Math.min(this.#shown.length, Math.ceil((this.#root.scrollTop + this.#root.clientHeight) / rowHeight) + overscan);
    while (this.#pool.length < last - first) this.#pool.push(this.#newRow());
    this.#pool.forEach((element, i) => {
      const at = first + i;
      const visible = at < last;
      if (element.hidden === visible) element.hidden = !visible;
      if (visible) this.#fill(element, at, now);
    });
  }

  #select() {
    this.#stale = false;
    const words = find("find").value.trim().toLowerCase();
    const state = find("state").value;
    const hub = find("hub").value;
    const matches = (row) => (!words || row.search.includes(words)) && (!state || row.state === state) && (!hub || row.hub === hub);
    this.#isTree = find("tree").checked;
    let rows = [...this.#rows.values()].filter(matches);
    const { value } = columns.find((column) => column.key === this.#sort.key);
    const sign = this.#sort.down ? -1 : 1;
    rows.sort((a, b) => { const x = value(a), y = value(b); return x < y ? -sign : x > y ? sign : a.id - b.id; });
    if (this.#isTree) rows = this.#asTree(rows);
    else for (const row of rows) row.level = 1;
    this.#shown = rows;
    this.#body.style.height = `${rows.length * rowHeight}px`;
    setAttribute(this.#root, "role", this.#isTree ? "treegrid" : "grid");
    setAttribute(this.#root, "aria-rowcount", `${rows.length + 1}`);
    setText(find("count"), rows.length === this.#rows.size ? `${whole(rows.length)} alive` : `${whole(rows.length)} of ${whole(this.#rows.size)} shown`);
    find("no-rows").hidden = rows.length > 0;
    setText(find("no-rows"), this.#rows.size > 0 ? "No greenlet matches." : "No greenlet is alive.");
    if (this.#chosen !== null && !this.#rows.has(this.#chosen)) this.#choose(null);
  }

  #asTree(rows) {
    const ids = new Set(rows.map((row) => row.id));
    const children = Map.groupBy(rows, (row) => (ids.has(row.parent) ? row.parent : 0));
    const ordered = [];
    const open = (children.get(0) ?? []).toReversed().map((row) => [row, 1]);
    while (open.length > 0) {
      const [row, level] = open.pop();
      row.level = level;
      ordered.push(row);
      for (const child of (children.get(row.id) ?? []).toReversed()) open.push([child, level + 1]);
    }
    return ordered;
  }

  #newRow() {
    const cells = columns.map((column) => el("div", { role: "gridcell", class: column.css }));
    const badge = el("span", { class: "state" });
    cells[2].append(badge);
    const element = el("div", { class: "row", role: "row" }, ...cells);
    element.addEventListener("click", () => { this.#choose(element.rowId); this.#onOpen(element.rowId); });
    element.cells = cells;
    element.badge = badge;
    this.#body.append(element);
    return element;
  }

  #fill(element, at, now) {
    const row = this.#shown[at];
    element.rowId = row.id;
    const top = `translateY(${at * rowHeight}px)`;
    if (element.style.transform !== top) element.style.transform = top;
    setAttribute(element, "id", `row-${row.id}`);
    setAttribute(element, "aria-rowindex", `${at + 2}`);
    // A level means something only in a tree
    if (this.#isTree) setAttribute(element, "aria-level", `${row.level}`);
    else element.removeAttribute("aria-level");
    setAttribute(element, "aria-selected", `${row.id === this.#chosen}`);
    element.classList.toggle("chosen", row.id === this.#chosen);
    columns.forEach((column, i) => {
      const text = column.text(row, now);
      if (column.key === "state") {
        setText(element.badge, text);
        setAttribute(element.badge, "data-state", text);
        return;
      }
      setText(element.cells[i], text);
      if (column.key === "name" || column.key === "reason") setAttribute(element.cells[i], "title", text);
    });
    const indent = `${0.8 + (row.level - 1) * 1.2}rem`;
    if (element.cells[1].style.paddingLeft !== indent) element.cells[1].style.paddingLeft = indent;
  }

  #refresh() {
    this.#stale = true;
    this.draw();
  }

  #sortBy(key) {
    this.#sort = { key, down: this.#sort.key === key ? !this.#sort.down : key === "age" || key === "since" };
    this.#markSort();
    this.#refresh();
  }

  #markSort() {
    for (const header of this.#head.children)
      setAttribute(header, "aria-sort", header.dataset.key !== this.#sort.key ? "none" : this.#sort.down ? "descending" : "ascending");
  }

  #choose(id) {
    this.#chosen = id;
    if (id === null) this.#root.removeAttribute("aria-activedescendant");
    else setAttribute(this.#root, "aria-activedescendant", `row-${id}`);
    this.draw();
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#root.clientHeight / rowHeight) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter" && this.#chosen !== null && event.target === this.#root) {
      event.preventDefault();
      this.#onOpen(this.#chosen);
    }
    if (step === undefined || this.#shown.length === 0) return;
    event.preventDefault();
    const at = this.#shown.findIndex((row) => row.id === this.#chosen);
    const next = Math.min(this.#shown.length - 1, Math.max(0, at < 0 ? (step > 0 && step !== Infinity ? 0 : at + step) : at + step));
    const top = next * rowHeight;
    const room = this.#root.clientHeight - this.#head.offsetHeight;
    if (top < this.#root.scrollTop) this.#root.scrollTop = top;
    else if (top + rowHeight > this.#root.scrollTop + room) this.#root.scrollTop = top + rowHeight - room;
    this.#choose(this.#shown[next].id);
  }
}
