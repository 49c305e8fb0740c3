// What is asked or told at the foot: two wanted the same session elsewhere, something is refused, something is not stored
// yet. Nothing is chosen by waiting, and the focus stays where it is.

import { glideBack, told } from "./bench-answer.js";
import { addressOf } from "./bench-days.js";
import { send } from "./bench-sender.js";
import { mark, minutesOf, placeOf, put, root, slotOf, trayOf, arrange, titleOf } from "./bench-sheet.js";
import { part, say, word } from "./bench-words.js";

const place = () => document.getElementById("questions");

export function refused(job, no) {
  unsent(job, false);
  if (no.refused === "moved_meanwhile" && no.session) conflict(job, no);
  else tell(job.before ? word("refused", { why: no.said }) : no.said, job);
}

function tell(sentence, job) {
  if (job.before) glideBack(job.session, job.before);
  const note = part("trouble-part");
  note.querySelector("p").textContent = sentence;
  note.addEventListener("click", ({ target }) => target.closest("[data-does]") && note.remove());
  place().replaceChildren(note);
  say(sentence);
}

export const failed = (job, why) => {
  unsent(job, false);
  tell(word(why), job);
};

// The session shows where it is stored, a ghost where it was wanted, and the foot asks.
function conflict(job, no) {
  const ghost = showBoth(job, no);
  told.add(String(no.session));
  const question = part("question-part");
  const text = question.querySelector("p");
  text.textContent = no.said;
  text.id = `question-${job.key}`;
  question.setAttribute("aria-labelledby", text.id);
  question.querySelector("[data-does=open]").href = addressOf({ session: String(no.session), day: no.stored?.day ?? root.dataset.day });
  question.addEventListener("click", ({ target }) => {
    const does = target.closest("[data-does]")?.dataset.does;
    if (!does || does === "open") return;
    question.remove();
    ghost?.remove();
    if (does === "mine") send({ ...job, key: crypto.randomUUID(), sent: null, force: true });
  });
  place().append(question);
  say(no.said);
}

function showBoth(job, no) {
  const li = slotOf(no.session);
  const { stored, wanted } = no;
  if (li && stored?.starts_at && stored.day === root.dataset.day) {
    li.hidden = false;
    put(li, fromStored(stored, li));
  } else if (li) li.remove();
  arrange();
  if (!wanted?.starts_at || wanted.day !== root.dataset.day) return null;
  const title = titleOf(slotOf(no.session) ?? trayOf(no.session) ?? li);
  return mark(fromStored(wanted, li), word("wished", { title }), "wish");
}

function fromStored({ starts_at: starts, ends_at: ends, room }, li) {
  const start = minutesOf(starts.slice(11));
  const minutes = (Date.parse(`${ends}Z`) - Date.parse(`${starts}Z`)) / 60000;
  return { start, minutes, room: String(room ?? ""), across: !room && Boolean(li && placeOf(li)?.across) };
}

// Not stored yet: it stays where it was put, with a dashed edge, and says so.
export function offline(job, first) {
  unsent(job, true);
  if (!first) return;
  const note = part("trouble-part");
  note.classList.add("is-offline");
  note.querySelector("p").textContent = word("offline");
  note.querySelector(".actions").remove();
  place().append(note);
  say(word("offline"));
}

export function online() {
  place().querySelector(".is-offline")?.remove();
  say(word("online"));
}

export function unsent(job, is) {
  const li = job.session && slotOf(job.session);
  if (!li) return;
  li.classList.toggle("is-unsent", is);
  li.querySelector(".slot-unsent")?.remove();
  if (!is) {
    li.querySelector(".slot").removeAttribute("aria-busy");
    return;
  }
  const label = Object.assign(document.createElement("span"), { className: "slot-unsent", textContent: word("offline-short") });
  li.querySelector(".slot").append(label);
}

