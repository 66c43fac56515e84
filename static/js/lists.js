// Lists: the head's box ticks the page, the bar counts, columns move. The bar itself shows by CSS, without this.
(() => {
  const boxes = (form) => [...document.querySelectorAll(`input[name=row][form="${form.id}"]`)];
  const count = () => {
    const form = document.getElementById("bulk");
    if (!form) return;
    const all = boxes(form);
    const ticked = all.filter((box) => box.checked);
    const number = form.querySelector("[data-number]");
    const every = form.querySelector("[data-all]");
    if (number) number.textContent = every?.checked ? "" : ticked.length.toLocaleString(document.documentElement.lang);
    const head = document.querySelector("[data-select-page]");
    if (head) {
      head.checked = all.length > 0 && ticked.length === all.length;
      head.indeterminate = ticked.length > 0 && ticked.length < all.length;
    }
  };

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "row") return;
    const form = box.form;
    if (event.shiftKey && last && form) {
      const all = boxes(form);
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    const form = document.getElementById("bulk");
    if (form && box.matches("[data-select-page]")) boxes(form).forEach((each) => { each.checked = box.checked; });
    if (box.matches("[data-select-page], [name=row], [data-all]")) count();
  });
  document.addEventListener("reset", (event) => { if (event.target.id === "bulk") setTimeout(count); });
  document.addEventListener("htmx:afterSettle", count);

  // Columns move in the menu at once; "Apply" sends the order.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!other || other.querySelector("input:disabled")) return;
    if (button.dataset.move === "up") other.before(row); else other.after(row);
    button.focus();
  });

  // On a phone the filters but the first stand behind a button; the style sheet does the rest.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-unfold]") : null;
    if (button) button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });
})();
