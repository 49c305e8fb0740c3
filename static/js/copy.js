// Buttons that copy a field's value. They are hidden until a script can make them work.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const told = document.getElementById(`${button.dataset.copies}-copied`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // No clipboard without https: the selected text can be copied by hand or the old way.
      if (!document.execCommand("copy")) return;
    }
    told.textContent = button.dataset.done;
  });
}
