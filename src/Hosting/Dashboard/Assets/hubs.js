import { Chart } from "./charts.js";
import { el, find, setText, time, whole } from "./dom.js";

const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The cards of the hubs, and one for the carriers. */
export class Hubs {
  #cards = new Map();
  #root = find("hubs");
  #carriers;

  constructor() {
    const busy = new Chart("busy", "Busy", 4, whole);
    const alive = new Chart("load", "Alive", 4, whole);
    const queued = new Chart("queue", "Not begun", 4, whole);
    const figures = el("span", { class: "figures" });
    const element = el("article", { class: "card" }, el("header", {}, el("h3", {}, "Carriers and requests"), figures), el("div", { class: "charts" }, busy.element, alive.element, queued.element));
    this.#root.append(element);
    this.#carriers = { busy, alive, queued, figures };
  }

  push(frame) {
    for (const hub of frame.hubs) {
      const card = this.#card(hub);
      card.load.push(hub.load ?? 0);
      card.lag.push(hub.lag ?? 0);
      card.queue.push(hub.queued ?? 0);
      card.last = hub;
    }
    this.#carriers.busy.push(frame.busyCarriers ?? 0);
    this.#carriers.alive.push(frame.hubs.reduce((all, hub) => all + (hub.active ?? 0), 0));
    this.#carriers.queued.push(frame.queued ?? 0);
    setText(this.#carriers.figures, `${frame.carriers ?? 0} threads, ${frame.busyCarriers ?? 0} busy`);
  }

  draw() {
    for (const card of this.#cards.values()) {
      const hub = card.last;
      for (const chart of [card.load, card.lag, card.queue]) chart.draw();
      setText(card.figures, `${whole(hub.active ?? 0)} active, ${whole(hub.waiting ?? 0)} waiting`);
      card.stopped.hidden = hub.running === true;
      const held = (hub.busyFor ?? 0) >= 1000;
      card.held.hidden = !held;
      if (held) setText(card.held, `held for ${time(hub.busyFor)}`);
    }
    for (const chart of [this.#carriers.busy, this.#carriers.alive, this.#carriers.queued]) chart.draw();
  }

  #card(hub) {
    let card = this.#cards.get(hub.name);
    if (card) return card;
    card = {
      load: new Chart("load", "Load", 1, percent),
      lag: new Chart("lag", "Lag", 5, time),
      queue: new Chart("queue", "Queue", 4, whole),
      figures: el("span", { class: "figures" }),
      stopped: el("span", { class: "tag warn", hidden: true }, "not running"),
      held: el("span", { class: "tag warn", hidden: true }),
    };
    const header = el(
      "header", {}, el("h3", {}, hub.name), el("span", { class: "tag" }, hub.loop === "Scheduler" ? ".NET scheduler" : "own threads"),
      hub.exclusive ? el("span", { class: "tag" }, "exclusive") : null, card.stopped, card.held, card.figures);
    const element = el("article", { class: "card", "data-hub": hub.name }, header, el("div", { class: "charts" }, card.load.element, card.lag.element, card.queue.element));
    this.#root.insertBefore(element, this.#root.lastElementChild);
    this.#cards.set(hub.name, card);
    for (const select of [find("hub"), find("timeline-hub")]) select.append(el("option", {}, hub.name));
    return card;
  }
}
