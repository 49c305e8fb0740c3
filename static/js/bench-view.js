// How the grid is shown: zoom, colours, the line of the present minute, print, and the list of keys.

import { addressOf, onDay, showDay } from "./bench-days.js";
import { ground, root, sheet } from "./bench-sheet.js";
import { openNew } from "./bench-side.js";
import { say, word } from "./bench-words.js";

const LEAST = 60;
const MOST = 200;
const offset = Number(root?.dataset.now) - Date.now();

export function watchView() {
  const head = document.getElementById("bench-head");
  const print = head.querySelector("[data-prints]");
  if (print) print.hidden = false;
  head.addEventListener("click", (event) => {
    const zooms = event.target.closest("[data-zooms]");
    if (zooms) zoomBy(event, Number(zooms.dataset.zooms));
    else if (event.target.closest("[data-prints]")) window.print();
    else if (event.target.closest("[data-news]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openNew(null);
    }
  });
  root.addEventListener("change", (event) => {
    if (event.target.id === "colour") colourBy(event.target.value);
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) document.getElementById("keys").showModal();
  });
  const kept = Number(localStorage.getItem("bench-zoom"));
  if (kept && root.dataset.zoom === "100" && !new URLSearchParams(location.search).has("zoom")) setZoom(kept);
  onDay(drawNow);
  drawNow();
  setInterval(drawNow, 30 * 1000);
}

function zoomBy(event, by) {
  event.preventDefault();
  const now = Number(root.dataset.zoom);
  const zoom = by ? Math.min(MOST, Math.max(LEAST, now + by)) : 100;
  setZoom(zoom);
  localStorage.setItem("bench-zoom", zoom);
  history.replaceState({}, "", addressOf({ session: root.dataset.chosen || null }));
  say(word("zoom", { zoom }));
}

// The hour in the middle of the window stays there.
function setZoom(zoom) {
  const area = ground().getBoundingClientRect();
  const share = (innerHeight / 2 - area.top) / area.height;
  root.dataset.zoom = zoom;
  document.querySelector(".zoom-now").textContent = zoom;
  const after = ground().getBoundingClientRect();
  if (share > 0 && share < 1) scrollBy({ top: after.top + share * after.height - innerHeight / 2, behavior: "instant" });
}

function colourBy(colour) {
  root.dataset.colour = colour;
  showDay(root.dataset.day, { query: { colour: colour === "track" ? null : colour, session: root.dataset.chosen || null } })
    .then(() => document.getElementById("colour")?.focus());
}

// During the days of the edition: what time it is there, by the server's clock.
function drawNow() {
  ground().querySelector(".now-rule")?.remove();
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: root.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(Date.now() + offset);
  const at = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const minute = Number(at.hour) * 60 + Number(at.minute);
  const { from, to } = sheet().dataset;
  if (`${at.year}-${at.month}-${at.day}` !== root.dataset.day || minute < from * 60 || minute > to * 60) return;
  const line = Object.assign(document.createElement("span"), { className: "now-rule" });
  line.setAttribute("aria-hidden", "true");
  line.style.insetBlockStart = `calc(${(minute - from * 60) / 5} * var(--row))`;
  line.append(Object.assign(document.createElement("span"), { textContent: word("now", { time: `${at.hour}:${at.minute}` }) }));
  ground().append(line);
}
