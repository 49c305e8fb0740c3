// Others at work: every two seconds it is asked whether the agenda has changed, and what has is shown without moving
// what is held, focused or on screen.

import { apply } from "./bench-answer.js";
import { inHand } from "./bench-hold.js";
import { isBusy, send } from "./bench-sender.js";
import { clock, mark, roomName, root, slotOf } from "./bench-sheet.js";
import { part, say, word } from "./bench-words.js";

const EVERY = 2000;
const LOOKS = 10 * 1000;
const listeners = [];
let timer = 0;
let waitingToBeSaid = [];

export const onOthers = (act) => listeners.push(act);

export function watchOthers() {
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  timer = setTimeout(ask, EVERY);
}

// Whose form is open is told to the server while it is, and who else has it open stands in its head.
export function watchForms() {
  let told = "";
  const tell = async () => {
    const session = document.hidden ? "" : (root.dataset.chosen ?? "");
    if (!root.hasAttribute("data-edits") || (!session && !told)) return;
    told = session;
    const body = new URLSearchParams({ session, csrf_token: root.dataset.token });
    const answer = await fetch(root.dataset.look, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 404) root.dataset.chosen = ""; // somebody removed it
    const place = document.getElementById("open-too");
    if (!answer?.ok || answer.redirected || !place || session !== root.dataset.chosen) return;
    const { said } = await answer.json();
    if (place.textContent !== said) place.textContent = said;
    place.hidden = !said;
  };
  setInterval(tell, LOOKS);
  new MutationObserver(tell).observe(root, { attributeFilter: ["data-chosen"] });
  tell();
}

async function ask() {
  clearTimeout(timer);
  if (!document.hidden && !inHand() && !isBusy()) await look();
  tellWhatWaited();
  timer = setTimeout(ask, EVERY);
}

async function look() {
  const { state, number, day, colour } = root.dataset;
  const address = `${state}?${new URLSearchParams({ since: number, day, colour })}`;
  const known = `"${number}-${root.dataset.language}"`;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json", "If-None-Match": known } });
    if (answer.status !== 200 || answer.redirected || inHand() || isBusy()) return;
    show(apply(await answer.json()));
    listeners.forEach((act) => act());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no network: asked again
  }
}

const placed = ({ place }) => (place ? `${clock(place.start)}, ${roomName(place)}` : word("unplaced"));

const hasMoved = ({ before, after }) => Boolean(before?.place) && (!after.place || placed(before) !== placed(after));

function sentence({ who, title, before, after, where }) {
  if (hasMoved({ before, after })) {
    return word("moved", { who, title, before: placed(before), after: after.place ? placed(after) : where });
  }
  if (!before && after.place) return word("placed", { who, title, after: placed(after) });
  return word("changed", { who, title });
}

// One line for one, one line with a list for several.
export function show(theirs) {
  if (theirs.length === 0) return;
  const line = part("arrival-part");
  const text = line.querySelector("p");
  const sentences = theirs.map(sentence);
  const ghosts = theirs
    .filter(hasMoved)
    .map(({ title, before, after, where }) => mark(before.place, word("ghost", { title, place: after.place ? placed(after) : where })));
  if (theirs.length === 1) text.textContent = sentences[0];
  else text.append(word("several", { count: theirs.length }), folded(sentences));
  line.addEventListener("click", (event) => act(event, line, theirs, ghosts));
  const [only] = theirs;
  if (theirs.length > 1 || !only.after.place) line.querySelector("[data-does=show]").remove();
  if (theirs.length > 1 || !hasMoved(only) || !root.hasAttribute("data-edits")) line.querySelector("[data-does=back]").remove();
  keepStill(() => document.getElementById("arrivals").append(line));
  waitingToBeSaid.push(theirs.length === 1 ? sentences[0] : word("several", { count: theirs.length }));
  tellWhatWaited();
}

function folded(sentences) {
  const details = document.createElement("details");
  const list = document.createElement("ul");
  for (const text of sentences) list.append(Object.assign(document.createElement("li"), { textContent: text }));
  details.append(Object.assign(document.createElement("summary"), { textContent: "…" }), list);
  return details;
}

function tellWhatWaited() {
  if (inHand() || waitingToBeSaid.length === 0) return;
  say(waitingToBeSaid.join(" "));
  waitingToBeSaid = [];
}

function act(event, line, theirs, ghosts) {
  const does = event.target.closest("[data-does]")?.dataset.does;
  if (!does) return;
  const [{ session, before, saw }] = theirs;
  const li = slotOf(session);
  if (does === "show") {
    li?.scrollIntoView({ block: "center", inline: "nearest" });
    li?.querySelector("a").focus({ preventScroll: true });
    return;
  }
  if (does === "back") {
    const { start, minutes, room } = before.place;
    const fields = { session, on: before.day, start: clock(start), minutes, room, saw };
    send({ deed: "place", session, fields, before: { place: null, day: before.day } });
  }
  ghosts.forEach((ghost) => ghost.remove());
  keepStill(() => line.remove());
}

// A line above the grid must not push away what somebody is looking at.
function keepStill(change) {
  const grid = document.getElementById("timetable");
  const before = grid.getBoundingClientRect().top;
  change();
  scrollBy({ top: grid.getBoundingClientRect().top - before, behavior: "instant" });
}
