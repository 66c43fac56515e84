// Ctrl+K: a combobox over what the server offers. Choosing opens an address; nothing is done by the script itself.
(() => {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let asked = 0;
  let timer = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");
  const select = (option) => {
    current()?.setAttribute("aria-selected", "false");
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };
  const open = (option) => { if (option) location.assign(option.dataset.url); };

  const ask = async () => {
    const number = ++asked;
    let answer;
    try {
      answer = await fetch(`${dialog.dataset.options}?q=${encodeURIComponent(field.value)}`, { headers: { "HX-Request": "true" } });
    } catch { return; }
    const text = await answer.text();
    if (number !== asked || !dialog.open) return;
    if (!answer.ok || /^\s*<!doctype/i.test(text) || answer.headers.get("HX-Redirect")) { location.reload(); return; }
    list.innerHTML = text;
    select(options()[0]);
  };

  const show = () => {
    if (dialog.open) { dialog.close(); return; }
    field.value = "";
    list.replaceChildren();
    dialog.showModal();
    field.focus();
    ask();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    show();
  });
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 80); });
  field.addEventListener("keydown", (event) => {
    const all = options();
    const place = all.indexOf(current());
    const moves = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 };
    if (event.key === "Enter") { event.preventDefault(); open(current()); return; }
    if (!(event.key in moves) || !all.length || (["Home", "End"].includes(event.key) && !event.ctrlKey)) return;
    event.preventDefault();
    select(all[(moves[event.key] + all.length) % all.length]);
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option) { event.preventDefault(); open(option); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
