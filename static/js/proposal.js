// A proposal being worked out: asks every second how far it is, and loads the page anew once it is done.

const EVERY = 1000;
const box = document.getElementById("progress");
let known = "";

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(box.dataset.address, { headers: known ? { "If-None-Match": known } : {} });
      if (answer.redirected) return location.reload(); // signed out meanwhile
      if (answer.status === 200) {
        known = answer.headers.get("ETag") ?? "";
        box.innerHTML = await answer.text();
        if (box.querySelector("[data-over]")) return location.reload();
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network: asked again
    }
  }
  setTimeout(look, EVERY);
}

document.getElementById("refresh").hidden = true;
setTimeout(look, EVERY);
