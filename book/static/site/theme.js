// The button of the theme says which colours are on, and a press says so aloud.
{
  const said = document.createElement("p");
  said.className = "visually-hidden theme-said";
  said.role = "status";
  document.body.append(said);

  // There are two buttons, one of them for narrow screens.
  const named = () => {
    const words = `theme: ${document.body.dataset.theme}`;
    for (const button of document.querySelectorAll(".theme-toggle")) button.ariaLabel = words;
    return words;
  };
  named();
  new MutationObserver(() => { said.textContent = named(); }).observe(document.body, { attributeFilter: ["data-theme"] });
}
