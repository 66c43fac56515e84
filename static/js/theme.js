// Follows the system's light or dark before the first paint, where the person chose "system".
(() => {
  const root = document.documentElement;
  if (root.dataset.theme !== "system") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", follow);
  follow();
})();
