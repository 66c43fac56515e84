// Small comforts on top of pages that work without them. Everything is delegated, so swapped-in parts need no set-up.
(() => {
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
  // The field of a dialog that was just closed has the focus still, until the page is drawn again: nobody types there.
  const typing = (element) => element instanceof Element && element.checkVisibility() && element.closest("input, textarea, select, [contenteditable]");

  // "/" goes to the search field.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement)) return;
    const field = document.querySelector("[data-search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  const unfilled = new WeakMap();
  // What came into an open dialog gets the focus: the field that was refused, else the first one, else its button.
  document.addEventListener("htmx:afterSettle", (event) => {
    const dialog = event.detail.target;
    if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
    const field = dialog.querySelector("[aria-invalid=true]") || dialog.querySelector("input:not([type=hidden])") || dialog.querySelector("button");
    field?.focus();
  });

  // What renews itself above buttons becomes no lower (data-held): the one that somebody is about to press stays in its place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const held = event.detail.target.closest("[data-held]");
    if (held) held.style.minHeight = `${held.offsetHeight}px`;
  });

  // Menus made of <details> close with Escape and when something else is clicked.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });

    // data-dialog="id" opens a dialog, data-close closes the one it stands in.
    const opener = closest(event, "[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      // One that is filled from the server starts anew each time, not with what it showed before.
      if (opener.hasAttribute("hx-get")) {
        if (unfilled.has(dialog)) dialog.replaceChildren(...unfilled.get(dialog).map((node) => node.cloneNode(true)));
        else unfilled.set(dialog, [...dialog.childNodes].map((node) => node.cloneNode(true)));
      }
      dialog.showModal();
      return;
    }
    const closer = closest(event, "[data-close]");
    if (closer) {
      const around = closer.closest("dialog");
      if (around) { event.preventDefault(); around.close(); } else { closer.closest(".say")?.remove(); }
      return;
    }

    // data-copy="text" copies an identifier and says so.
    const copier = closest(event, "[data-copy]");
    if (copier && navigator.clipboard) {
      navigator.clipboard.writeText(copier.dataset.copy).then(() => {
        const said = document.getElementById("said");
        if (said) said.textContent = copier.dataset.copied || "";
        copier.classList.add("t-ok");
      });
    }
  });

  // What cannot be undone asks for the name: the button opens when the text is the same.
  const check = (field) => {
    const button = field.form?.querySelector("button[data-needs-name]");
    if (button) button.disabled = field.value.trim() !== field.dataset.name;
  };
  document.addEventListener("input", (event) => { const field = closest(event, "[data-name]"); if (field) check(field); });

  // A form that is on its way is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // A choice that applies itself, in menus that have a button for those without JavaScript.
  document.addEventListener("change", (event) => { closest(event, "[data-submit]")?.form?.requestSubmit(); });

  // Of tabs that do not fit, the current one is in sight.
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    const row = tab.closest(".tabs");
    const past = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
    if (past > 0) row.scrollLeft = past + row.clientWidth / 4;
  });

  // The page's content comes anew while somebody may be typing (data-keep): what was edited, and the cursor, stay.
  const edited = (field) => (field instanceof HTMLSelectElement ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue);
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (!requestConfig.elt.hasAttribute("data-keep")) return;
    kept = [...target.querySelectorAll("input[id]:not([type=hidden], [type=checkbox], [type=radio]), textarea[id], select[id]")]
      .filter((field) => edited(field) || field === document.activeElement)
      .map(({ id, value, selectionStart, selectionEnd }) => ({ id, value, cursor: [selectionStart, selectionEnd] }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    kept.splice(0).forEach(({ id, value, cursor }) => {
      const field = document.getElementById(id);
      if (!field) return;
      field.value = value;
      if (field === document.activeElement && typeof cursor[0] === "number") field.setSelectionRange(...cursor);
    });
  });

  // What htmx could not fetch is said; the page keeps what was typed.
  const say = (id) => {
    const template = document.getElementById(id);
    const messages = document.getElementById("messages");
    if (template && messages) messages.replaceChildren(template.content.cloneNode(true));
  };
  // A whole page where a part was asked for means that the session ended or the room moved: load it as a page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!/^\s*<!doctype html/i.test(xhr.responseText)) return;
    const moved = xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname;
    if (!moved && requestConfig.elt.closest("[hx-select]")) return;   // it takes its part out of the page itself
    event.detail.shouldSwap = false;
    location.reload();
  });
  document.addEventListener("htmx:sendError", () => say("say-offline"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) say("say-refused");
    else say("say-failed");
  });
})();
