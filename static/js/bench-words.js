// The sentences of the page, with what stands in braces filled in, and the one live region that says them.

const words = new Map(
  [...(document.getElementById("bench-words")?.content.querySelectorAll("[data-word]") ?? [])].map((part) => [
    part.dataset.word,
    part.textContent,
  ]),
);
let resting = 0;

export function word(name, values = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
}

export function part(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

// Said at once, or after a rest: a later sentence takes the place of one that is still waiting.
export function say(sentence, { after = 0 } = {}) {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const region = document.getElementById("said");
    region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }, after);
}
