import { el, find, setText, time } from "./dom.js";

/** The dialog of one greenlet; it follows the greenlet until that ends. */
export class Details {
  #dialog = find("details");
  #id = null;
  #shape = "";
  #timer;
  #api;

  constructor(api) {
    this.#api = api;
    find("details-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => { this.#id = null; this.#calm(); });
    this.#dialog.addEventListener("click", (event) => { if (event.target === this.#dialog) this.#dialog.close(); });
    find("kill").addEventListener("click", () => this.#kill());
  }

  open(id) {
    this.#id = id;
    this.#shape = "";
    setText(find("details-message"), "");
    this.draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  draw() {
    if (this.#id === null) return;
    const row = this.#api.get(this.#id);
    find("kill").hidden = !row || !this.#api.mayKill;
    if (!row) {
      setText(find("details-message"), "It has ended.");
      return;
    }
    const now = this.#api.now();
    const facts = [
      ["State", row.shown],
      ["Body", row.body],
      ["Waits for", row.reason],
      ["Since", row.since ? time(Math.max(0, now - row.since)) : undefined],
      ["Begun", `${time(Math.max(0, now - row.begun))} ago`],
      ["Endpoint", row.endpoint],
      ["Code", row.code],
      ["Hub", row.hub],
      ["Spawned by", row.parent ? `#${row.parent}` : undefined],
    ].filter(([, value]) => value);
    setText(find("details-title"), `Greenlet #${row.id} ${row.label}`);
    const list = find("details-facts");
    const shape = facts.map(([name]) => name).join();
    if (shape !== this.#shape) {
      list.replaceChildren(...facts.flatMap(([name]) => [el("dt", {}, name), el("dd")]));
      const stacks = [["Waits at", row.stack], ["Spawned at", row.spawnedAt]].filter(([, text]) => text);
      find("details-stacks").replaceChildren(...stacks.flatMap(([title, text]) => [el("h3", {}, title), el("pre", { tabindex: "0" }, text)]));
      this.#shape = shape;
    }
    facts.forEach(([, value], i) => setText(list.children[2 * i + 1], value));
  }

  async #kill() {
    const button = find("kill");
    if (!button.classList.contains("sure")) {
      button.classList.add("sure");
      setText(button, "Really kill it?");
      this.#timer = setTimeout(() => this.#calm(), 4000);
      return;
    }
    this.#calm();
    setText(find("details-message"), await this.#api.kill(this.#id));
  }

  #calm() {
    clearTimeout(this.#timer);
    find("kill").classList.remove("sure");
    setText(find("kill"), "Kill this greenlet");
  }
}
