// Ctrl or Command with Enter presses the form's first button from within a text. Its sentence shows where that works.

const keys = document.querySelector("#keys");
const first = document.querySelector("form [name=act]");

if (keys && first) {
  keys.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && event.target.closest("textarea, input")?.form === first.form) {
      event.preventDefault();
      first.form.requestSubmit(first);
    }
  });
}
