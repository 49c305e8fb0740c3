// Drag a card to another column: the same form is sent that its buttons send, with where it stood when it was drawn.
const board = document.querySelector("[data-board]");
let held = null;

const column = (event) => event.target.closest("[data-column]");
const mayGo = (section) => held !== null && held.dataset.moves.split(" ").includes(section.dataset.column);

function letGo() {
  for (const section of board.children) section.classList.remove("is-open", "is-over");
  held?.classList.remove("is-held");
  held = null;
}

for (const card of board.querySelectorAll("[data-moves]")) {
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    held = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
    card.classList.add("is-held");
    for (const section of board.children) section.classList.toggle("is-open", mayGo(section));
  });
  card.addEventListener("dragend", letGo);
}

board.addEventListener("dragover", (event) => {
  const over = column(event);
  for (const section of board.children) section.classList.toggle("is-over", section === over && mayGo(section));
  if (over !== null && mayGo(over)) event.preventDefault();
});

board.addEventListener("drop", (event) => {
  const over = column(event);
  if (over === null || !mayGo(over)) return;
  event.preventDefault();
  const form = held.querySelector("form");
  const button = form.querySelector(`button[value="${over.dataset.column}"]`);
  form.requestSubmit(button);
});
