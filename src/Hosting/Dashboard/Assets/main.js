import { Blockers } from "./blockers.js";
import { Details } from "./details.js";
import { find, setAttribute, setText, whole } from "./dom.js";
import { Grid } from "./grid.js";
import { Hubs } from "./hubs.js";
import { Timeline } from "./timeline.js";

const { root, token, tokenHeader } = document.body.dataset;
let offset = 0; // the server's clock less the browser's
let paused = false;
let last = null;
const now = () => Date.now() + offset;

async function kill(id) {
  const response = await fetch(`${root}/kill/${id}`, { method: "POST", headers: { [tokenHeader]: token } });
  if (response.ok) return "Killed. It ends where it waits.";
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? `The server answered ${response.status}.`;
}

const details = new Details({ get: (id) => grid.get(id), now, kill, mayKill: token !== "" });
const grid = new Grid((id) => details.open(id));
grid.now = now();
const hubs = new Hubs();
const blockers = new Blockers();
new Timeline(root);

let drawing = false;

/** Draws once before the browser shows its next picture, whatever has come until then; a page in the background rests. */
function draw() {
  if (drawing || paused) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawNow();
  });
}

function drawNow() {
  grid.draw(now());
  details.draw();
  if (last === null) return;
  hubs.draw();
  blockers.draw(last, now());
  const sum = (pick) => whole(last.hubs.reduce((all, hub) => all + (pick(hub) ?? 0), 0));
  setText(find("total-active"), sum((hub) => hub.active));
  setText(find("total-waiting"), sum((hub) => hub.waiting));
  setText(find("total-queued"), whole((last.queued ?? 0) + last.hubs.reduce((all, hub) => all + (hub.queued ?? 0), 0)));
  setText(find("total-carriers"), `${last.busyCarriers ?? 0} of ${last.carriers ?? 0}`);
}

function take(frame) {
  offset = frame.time - Date.now();
  last = frame;
  hubs.push(frame);
}

function state(name, label) {
  setAttribute(find("connection"), "data-state", name);
  setText(find("connection").querySelector(".label"), label);
}

function connect() {
  const source = new EventSource(`${root}/events`);
  source.addEventListener("open", () => state("live", "live"));
  source.addEventListener("error", () => state("lost", "connection lost, trying again"));
  source.addEventListener("history", (event) => {
    const frames = JSON.parse(event.data);
    // What was seen before a lost connection is in the charts already
    for (const frame of frames) if (last === null || frame.time > last.time) take(frame);
    draw();
  });
  source.addEventListener("rows", (event) => { grid.apply(JSON.parse(event.data)); draw(); });
  source.addEventListener("frame", (event) => { take(JSON.parse(event.data)); draw(); });
}

const themes = ["system", "light", "dark"];
function theme(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  setText(find("theme"), `Theme: ${name}`);
  try { localStorage.setItem("greenlet-theme", name); } catch { /* a browser that keeps nothing */ }
}

let chosen = "system";
try { chosen = localStorage.getItem("greenlet-theme") ?? "system"; } catch { /* as above */ }
theme(themes.includes(chosen) ? chosen : "system");
find("theme").addEventListener("click", () => theme((chosen = themes[(themes.indexOf(chosen) + 1) % themes.length])));
find("pause").addEventListener("click", () => {
  paused = !paused;
  setAttribute(find("pause"), "aria-pressed", `${paused}`);
  setText(find("pause"), paused ? "Go on" : "Pause");
  draw();
});
connect();
