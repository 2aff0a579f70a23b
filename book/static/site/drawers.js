// The theme's drawers, which only a pointer could open: with the Enter and the Space key, too.
// In a drawer a long list of pages is folded, unless the page at hand is in it.

for (const caption of document.querySelectorAll(".sidebar-tree > .caption")) {
  const list = caption.nextElementSibling;
  if (list.children.length < 10 || matchMedia("(min-width: 63em)").matches) continue;
  const fold = document.createElement("details"), line = document.createElement("summary");
  caption.before(fold);
  line.append(caption);
  fold.append(line, list);
  fold.open = list.matches(".current");
}

for (const [id, name] of [["__navigation", ".sidebar-drawer"], ["__toc", ".toc-drawer"]]) {
  const [toggle, drawer] = [document.getElementById(id), document.querySelector(name)];
  const nav = drawer.querySelector("nav");
  if (!nav) continue; // a page without contents
  const open = [...document.querySelectorAll(`.page label[for=${id}]`)];
  let opener = null;
  for (const label of open) {
    label.setAttribute("role", "button");
    label.setAttribute("aria-label", nav.ariaLabel);
    label.setAttribute("aria-expanded", "false");
    label.tabIndex = 0;
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      label.click();
    });
    label.addEventListener("click", () => { opener = label; });
  }
  toggle.addEventListener("change", () => {
    for (const label of open) label.ariaExpanded = String(toggle.checked);
    if (toggle.checked) [...nav.querySelectorAll("a")].find((x) => x.checkVisibility()).focus({ preventScroll: true });
  });
  const close = () => toggle.checked && toggle.click();
  addEventListener("focusin", ({ target }) => {
    if (!drawer.contains(target) && !open.includes(target)) close();
  });
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !toggle.checked) return;
    close();
    opener.focus();
  });
  // In the contents of a page an entry leads to another place of the same page.
  if (id === "__toc") drawer.addEventListener("click", ({ target }) => target.closest("a") && close());
}
