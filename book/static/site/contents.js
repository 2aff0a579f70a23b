// On a narrow screen the drawer with the page's contents closes when an entry is taken.

document.querySelector(".toc-drawer")?.addEventListener("click", ({ target }) => {
  if (target.closest("a")) document.getElementById("__toc").checked = false;
});
